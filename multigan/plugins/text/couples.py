"""Pairs of texts as they lie in files: two files of lines, a folder of such, or two columns of one file."""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from multigan.core.counted import counted
from multigan.core.errors import DataError, did_you_mean
from multigan.core.plain import one_line
from multigan.files.findings import shown
from multigan.files.listing import absent, beside
from multigan.plugins.text.columns import named
from multigan.plugins.text.decode import checked, lines_in, opened
from multigan.plugins.text.read import SUFFIXES, TextFile, read_files
from multigan.plugins.text.table import header_of

__all__ = ["Found", "Pairs", "look", "read_pairs", "told"]

INPUTS = ("source", "input", "src", "prompt", "question", "query", "headline", "title", "from", "enc")
TARGETS = ("target", "output", "tgt", "reply", "response", "answer", "lead", "summary", "translation", "to", "dec")
TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
OBJECTS = (".jsonl", ".jsonl.gz", ".ndjson")
HEAD = 50
LANGUAGE = (2, 3)
"""Letters of the code of a language."""
KEYS = ("id", "no", "key", "nr")
LONGEST_NAME = 32


class Found(NamedTuple):
    """Where the two sides of pairs are.

    Attributes:
        source: file of the inputs.
        target: file of the targets; the same where columns tell them apart.
        columns: names or numbers of the two columns, input first; "" where a file is lines.
    """

    source: Path
    target: Path
    columns: tuple[str, str] = ("", "")

    def told(self) -> str:
        """In words, which is the input."""
        if self.source == self.target:
            return f"two columns, {shown(self.columns[0])} as input and {shown(self.columns[1])} as target"
        return f"two files of lines, {shown(self.source.name)} as input and {shown(self.target.name)} as target"

    def swapped(self) -> "Found":
        """The other way round."""
        return Found(self.target, self.source, (self.columns[1], self.columns[0]))


class Pairs(NamedTuple):
    """Texts of both sides, none of them empty.

    Attributes:
        source: inputs.
        target: targets, one for each.
        report: what was read and left out.
        files: the one or two files.
        root: file or folder that both lie in.
        numbers: of each pair, the line where it begins, from 1, a header counted; empty where no file is read.
    """

    source: list[str]
    target: list[str]
    report: tuple[str, ...]
    files: tuple[Path, ...]
    root: Path
    numbers: tuple[int, ...] = ()


def look(place: Path) -> Found | None:
    """Pairs at a place, by names and the first lines; None where there are none that are known."""
    try:
        if place.is_dir():
            return _of_folder(place)
        return _of_file(place) if place.is_file() else None
    except (DataError, OSError, ValueError):
        return None


def told(place: Path) -> str:
    """What pairs there are at a place, in words; "" where there are none that are known."""
    found = look(place)
    return "" if found is None else found.told()


def read_pairs(target: str, source: str | None, columns: tuple[str, str], *, swap: bool = False) -> Pairs:
    """Read both sides and join them: lines of two files by their number, columns by their row.

    Args:
        target: the file of targets, or a file or folder that holds both sides.
        source: the file of inputs; None = `target` holds both.
        columns: of inputs and of targets, where a person named them; "" = as found.
        swap: the other way round, where `target` holds both.

    Raises:
        DataError: there are no pairs; one file has more lines than the other; nothing is left.
    """
    found = _sides(Path(target).expanduser(), source, columns)
    _refuse_other_columns(found)
    found = found.swapped() if swap and source is None else found
    sides, said = [], list[str]()
    for file, column in ((found.source, found.columns[0]), (found.target, found.columns[1])):
        one, lines = _read(file, column)
        sides.append(one)
        said += [line for line in lines if line not in said]
    if found.source != found.target:
        _same_length(found, *sides)
    given, wanted = (dict(zip(one.numbers, one.texts, strict=True)) for one in sides)
    numbers = [number for number, text in given.items() if text and wanted.get(number)]
    rows = len({number for texts in (given, wanted) for number, text in texts.items() if text})
    if not numbers:
        raise DataError(f"{shown(Path(target))} holds no pair of two texts", "a text on both sides", "check the files")
    root = Path(target).expanduser()
    root = root if source is None else root.parent
    report = [f"{shown(root)}: {found.told()}", *said]
    if rows > len(numbers):
        report.append(f"{counted(rows - len(numbers), 'pair')} without a text on both sides, left out")
    files = (found.target,) if found.source == found.target else (found.target, found.source)
    texts = [given[k] for k in numbers], [wanted[k] for k in numbers]
    return Pairs(*texts, tuple(report), files, root, tuple(numbers))


def _sides(place: Path, source: str | None, columns: tuple[str, str]) -> Found:
    places = [place] if source is None else [place, Path(source).expanduser()]
    for one in places:
        if not one.exists():
            near = beside(one)
            raise DataError(absent(one), "a file of texts", did_you_mean(one.name, near) if near else "check the path")
    if source is not None:
        return Found(places[1], place, columns)
    if all(columns) and place.is_file():
        return Found(place, place, columns)
    found = look(place)
    if found is None:
        raise DataError(
            f"{shown(place)} holds no pairs of texts that are known",
            "a table or JSONL file with two columns, or a folder with two files of lines such as train.en and train.de",
            "name both: --set data.source=TARGETS --set input.source=INPUTS, or data.column and input.column",
        )
    return found


def _refuse_other_columns(found: Found) -> None:
    """Columns that a recipe names by the names of its own set, for a file that has others.

    Raises:
        DataError: the file has none of that name; it says which there are, and both keys.
    """
    if found.source != found.target or not all(found.columns):
        return
    file, objects = found.source, found.source.name.lower().endswith(OBJECTS)
    names = list(checked(file, _keys) if objects else checked(file, header_of))
    missing = [k for k, name in enumerate(found.columns) if not name.isdigit() and name not in names]
    if not missing or any("." in name for name in found.columns):
        return
    lacks = f"{'column' if len(missing) == 1 else 'columns'} " + " and ".join(
        f"'{one_line(found.columns[k])}'" for k in missing
    )
    key = ("column",) if 1 in missing else ()
    numbers = "--set input.column=1 --set data.column=2"
    if not objects and not checked(file, _header)[1]:
        raise DataError(
            f"{shown(file)} has no header with the {lacks}: its first row is {named(names)}",
            f"columns by their numbers, 1 to {len(names)}" if len(names) > 1 else "two columns",
            f"type {numbers}" if len(names) > 1 else "put inputs and targets side by side, with a tab between",
            key=key,
        )
    known = _of_file(file)
    given, wanted = known.columns if known is not None else (*names, "NAME", "NAME")[:2]
    fix = f"type --set input.column={one_line(given)} --set data.column={one_line(wanted)}"
    raise DataError(
        f"{shown(file)} has no {lacks}",
        f"an input and a target out of {named(names)}",
        fix if objects else f"{fix}; or, where the first row is no header, {numbers}",
        key=key,
    )


def _of_folder(folder: Path) -> Found | None:
    """Two files of one stem in two languages, or named like the two sides."""
    files = sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith("."))
    named = {one.name.lower().split(".")[0]: one for one in reversed(files) if one.name.lower().endswith(SUFFIXES)}
    sides = [(named[a], named[b]) for a, b in zip(INPUTS, TARGETS, strict=False) if a in named and b in named]
    if sides:
        return Found(*sides[0])
    train = [one for one in files if one.name.lower().split(".")[0] == "train"] or files
    languages = [one for one in train if _language(one)]
    stems = {one.name.split(".")[0] for one in languages}
    if len(languages) != 2 or len(stems) != 1 or len(languages) != len(train):
        return None
    first, second = languages
    ends = _language(first).lower(), _language(second).lower()
    swap = ends[0] in TARGETS and ends[1] in INPUTS
    return Found(second, first) if swap else Found(first, second)


def _language(file: Path) -> str:
    """`de` of `train.de` and `train.de.gz`; "" of others."""
    parts = file.name.lower().removesuffix(".gz").split(".")
    known = f".{parts[-1]}" in (*SUFFIXES, ".json", ".md")
    return parts[1] if len(parts) == 2 and not known and parts[1].isalpha() and len(parts[1]) <= 3 else ""


def _of_file(file: Path) -> Found | None:
    name = file.name.lower()
    if name.endswith(TABLES):
        names, is_header = checked(file, _header)
    elif name.endswith(OBJECTS):
        names, is_header = checked(file, _keys), True
    else:
        return None
    columns = _columns(names, is_header)
    return None if columns is None else Found(file, file, columns)


def _header(file: Path) -> tuple[Sequence[str], bool]:
    """The first row of a table, and whether its fields are short enough to be names."""
    first = header_of(file)
    short = all(0 < len(name) <= LONGEST_NAME and len(name.split()) <= 2 and name[-1] not in ".?!" for name in first)
    known = any(name.lower() in (*INPUTS, *TARGETS) for name in first)
    return first, known or (short and all(name.isascii() and len(name.split()) == 1 for name in first))


def _columns(names: Sequence[str], is_header: bool) -> tuple[str, str] | None:
    """The two columns that are a pair: by names that say so, as two languages, or, without names, the only two."""
    lower = [name.lower() for name in names]
    if is_header:
        given = next((k for one in INPUTS for k, name in enumerate(lower) if name == one), None)
        wanted = next((k for one in TARGETS for k, name in enumerate(lower) if name == one), None)
        if given is None and wanted is not None and "text" in lower:
            given = lower.index("text")
        if given is not None and wanted is not None:
            return names[given], names[wanted]
    if len(names) != 2 or len(set(names)) < 2:
        return None
    if is_header:
        languages = all(name.isalpha() and len(name) in LANGUAGE and name not in KEYS for name in lower)
        return (names[0], names[1]) if languages else None
    return ("1", "2") if all(any(c.isalpha() for c in name) for name in names) else None


def _keys(file: Path) -> list[str]:
    """Keys of the first objects whose values are texts."""
    keys = dict[str, None]()
    with opened(file) as stream:
        for line in islice(lines_in(file, stream), HEAD):
            row = json.loads(line) if line.strip() else {}
            keys |= {key: None for key, value in row.items() if isinstance(value, str)} if isinstance(row, dict) else {}
    return list(keys)


def _read(file: Path, column: str) -> tuple[TextFile, list[str]]:
    reading = read_files(file, column, to_train=True)
    if reading.refused:
        raise reading.refused[0]
    if len(reading.files) != 1:
        raise DataError(f"{shown(file)} is a folder", "one file a side", "name a file")
    return reading.files[0], [line for line in reading.report()[1:] if "empty" not in line]


def _same_length(found: Found, given: TextFile, wanted: TextFile) -> None:
    """Two files of lines have as many: else line i of the one is not that of the other."""
    sizes = [_without_tail(one) for one in (given, wanted)]
    if sizes[0] != sizes[1]:
        names = [f"{shown(one.name)} has {counted(n, 'line')}" for one, n in zip(found[:2], sizes, strict=True)]
        raise DataError(
            " and ".join(names),
            "as many in both: line i of the one belongs to line i of the other",
            "put empty lines where one has no partner, or write both into one file with a tab between",
        )


def _without_tail(one: TextFile) -> int:
    """The number of the last row that is not empty."""
    return max((number for number, text in zip(one.numbers, one.texts, strict=True) if text), default=0)
