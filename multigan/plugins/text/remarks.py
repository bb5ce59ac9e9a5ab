"""What was left out of texts or changed in them: counted while files are read, said by loader and doctor alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from multigan.files.findings import Finding, Severity, listed, shown
from multigan.plugins.text.vocabulary import LONGEST_WORD
from multigan.provenance.synthetic import LEFT, ONLY

__all__ = ["Remarks", "report_lines"]

FIRST = 5


class _Kind(NamedTuple):
    severity: Severity
    what: str
    fix: str
    name: str = ""
    """Of the finding, where it is not that of the kind."""


_SPLIT = "put texts that hold the separator in double quotes, or save them with a separator that no text holds"
_QUOTES = "close it, and write a quote inside of quotes twice"
_LOOK = "look at that line: if the quote is a slip, close it or write it twice; else nothing"
_KINDS = {
    "unreadable": _Kind("fault", "{n} file{s} cannot be read, left out", ""),
    "empty-lines": _Kind("note", "{n} empty line{s}, left out", "nothing"),
    "null-texts": _Kind(
        "warning", "{n} text{s} missing (null, or no such key or field), left out", "write or remove them"
    ),
    "lists": _Kind("warning", "{n} list{s} in place of a text, left out", "write one text a row"),
    "objects": _Kind(
        "warning", "{n} object{s} in place of a text, left out", "name what is in it: --set data.column=OUTER.INNER"
    ),
    "numbers": _Kind("warning", "{n} number{s} in place of a text, left out", "if they are texts, put them in quotes"),
    "truth-values": _Kind("warning", "{n} true or false in place of a text, left out", "write a text"),
    "repeated-header": _Kind(
        "note", "{n} row{s} equal to the header, as in joined files, left out", "nothing, or remove them"
    ),
    "surplus-fields": _Kind("warning", "{n} row{s} with more fields than the others, left out", _SPLIT),
    "swallowed-rows": _Kind("warning", "{n} text{s} that hold whole rows: a quote is not closed, left out", _QUOTES),
    "quotes-as-text": _Kind(
        "warning", "{n} quote{s} opened and not closed, read as text, and the lines after it as rows", _QUOTES
    ),
    "perhaps-swallowed": _Kind(
        "warning", "{n} text{s} of several lines that may be rows behind a quote that is not closed, kept whole", _LOOK
    ),
    "half-characters": _Kind(
        "warning", "{n} text{s} with half a character (a lone surrogate), which was removed", "mend what wrote them"
    ),
    "normal-form": _Kind("note", "{n} text{s} put into Unicode's normal form NFC", "nothing"),
    "several-lines": _Kind(
        "note", "{n} text{s} of several lines: every line break is kept, as a token of its own", "nothing"
    ),
    "long-words": _Kind(
        "warning",
        f"{{n}} text{{s}} with more than {LONGEST_WORD} characters on end without a space, no word of a vocabulary",
        "remove them, or put spaces between words; of texts that have none: --set data.tokens=character",
    ),
    "poems": _Kind("note", "{n} poem{s} of several lines: every line end is kept, as a token of its own", "nothing"),
    "titles": _Kind(
        "note", "{n} line{s} between poems that stand alone, as titles and numbers do, left out", "nothing"
    ),
    "encoding": _Kind("note", "{n} file{s} read in another encoding than UTF-8", "nothing"),
    "separator": _Kind("note", "{n} file{s} read with another separator than the comma", "nothing"),
    "no-header": _Kind(
        "note", "{n} file{s} without a header: every row is a text", "if row 1 is one: --set data.column=IT"
    ),
    "header": _Kind(
        "note",
        "{n} file{s} whose first row is read as its header, no text (a text all the same: --set data.column=1)",
        "nothing, or --set data.column=1",
    ),
    "bare-quotes": _Kind("note", "{n} file{s} whose quotes are read as they stand", "nothing"),
    "synthetic": _Kind("note", f"{{n}} text{{s}} made by MultiGAN itself, {LEFT}", "nothing, or move them away"),
    "only-synthetic": _Kind(
        "warning",
        f"{{n}} text{{s}} made by MultiGAN itself, {ONLY}",
        "give texts that are real: a generator would learn from another",
        "synthetic",
    ),
    "sidecars": _Kind("note", "{n} file{s} that MultiGAN wrote beside texts, no data", "nothing"),
    "about-files": _Kind(
        "note", "{n} file{s} about the data, by the name, left out", "nothing, or give it another name"
    ),
}
"""In the order in which they are said."""


@dataclass
class _Counted:
    first: list[str] = field(default_factory=list)
    entries: int = 0
    count: int = 0


class Remarks:
    """What is to be said of the files below `root`.

    Args:
        root: the folder or file that was given; files are named relative to it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._found: dict[str, _Counted] = {}
        self._fixes: dict[str, dict[str, None]] = {}

    def add(self, name: str, file: Path, number: int = 0, *, note: str = "", fix: str = "", count: int = 1) -> None:
        """Count one more of a kind.

        Args:
            name: of the kind.
            file: where.
            number: the line in it, 0 = the whole file.
            note: a few words on it.
            fix: in place of the kind's own.
            count: how many there are.
        """
        counted = self._found.setdefault(name, _Counted())
        counted.count += count
        counted.entries += 1
        if len(counted.first) < FIRST:
            place = shown(file.name if file == self.root else file, self.root) + (f":{number}" if number else "")
            counted.first.append(f"{place}: {shown(note)}" if note else place)
        if fix:
            self._fixes.setdefault(name, {})[fix] = None

    def count(self, name: str) -> int:
        """How many of a kind were met."""
        return self._found[name].count if name in self._found else 0

    def merge(self, other: "Remarks") -> None:
        """Take over all that another one has counted: of a file that is read after all."""
        for name, counted in other._found.items():
            mine = self._found.setdefault(name, _Counted())
            mine.first = [*mine.first, *counted.first][:FIRST]
            mine.count += counted.count
            mine.entries += counted.entries
            self._fixes.setdefault(name, {}).update(other._fixes.get(name, {}))

    def findings(self) -> list[Finding]:
        """Everything that was met, for the doctor."""
        found = []
        for name, kind in _KINDS.items():
            if counted := self._found.get(name):
                n = counted.count
                what = kind.what.replace("{n}", f"{n:,}").replace("{s}", "" if n == 1 else "s")
                fix = "; ".join(self._fixes.get(name, ())) or kind.fix
                found.append(
                    Finding(kind.severity, kind.name or name, what, listed(counted.first, counted.entries), n, fix)
                )
        return found


def report_lines(findings: Sequence[Finding]) -> list[str]:
    """The same for a loader's report: the sentence, and where the first ones are."""
    return [f"{one.what}: {', '.join(one.evidence)}" for one in findings]
