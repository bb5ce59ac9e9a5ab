"""Lists of pairs: a CSV, TSV or JSONL file with one column of inputs and one of targets, as paths beside it."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from multigan.files.findings import Finding, finding, shown
from multigan.files.sides import INPUTS, TARGETS
from multigan.files.walk import walk

__all__ = ["ENDINGS", "FIELD", "MORE_INPUTS", "MORE_TARGETS", "TRAINED", "Manifest", "list_at", "read_manifest"]

ENDINGS = (".csv", ".tsv", ".jsonl")
FIELD = {".csv": ",", ".tsv": "\t"}
MORE_INPUTS, MORE_TARGETS = (*INPUTS, "x", "before"), (*TARGETS, "y", "after")
TRAINED = "train"
"""The folder whose list is taken, where others lie beside it."""


class Manifest(NamedTuple):
    """What a list says.

    Attributes:
        path: the list.
        source: name of the column of inputs.
        target: name of the column of targets.
        rows: of each pair, the files; they need not be there.
        lines: of each pair, the number of the line in the list where it ends.
        blank: numbers of the lines that name no two files.
    """

    path: Path
    source: str
    target: str
    rows: tuple[tuple[Path, Path], ...]
    lines: tuple[int, ...]
    blank: tuple[int, ...] = ()

    def files(self, column: str) -> dict[Path, str]:
        """The files of a column that are there, with their lines for names; of a file in several rows the first."""
        found = dict[Path, str]()
        for number, row in zip(self.lines, self.rows, strict=True):
            file = row[column == self.target]
            if file.is_file():
                found.setdefault(file, f"line {number}")
        return found

    def pairs(self) -> list[tuple[Path, Path]]:
        """The files of each pair that is trained on, where they can be read."""
        firsts = self.files(self.source), self.files(self.target)
        return [row for row, line in zip(self.rows, self.lines, strict=True) if not self._lost(firsts, row, line)]

    def lost(self) -> list[Finding]:
        """Rows without a partner, by their lines: a file that is not there, or that stands in an earlier row."""
        gone, again, name = list[str](), list[str](), shown(self.path.name)
        firsts = self.files(self.source), self.files(self.target)
        for line, row in zip(self.lines, self.rows, strict=True):
            for missing, what in self._lost(firsts, row, line)[:1]:
                (gone if missing else again).append(f"{name}:{line}: {what}")
        lines = [f"{name}:{line}" for line in self.blank]
        fix = f"write the paths relative to {name}, or remove the lines"
        found = finding("warning", "row-without-file", "{n} row{s} whose file is not there, left out", gone, fix)
        fix = "pair each file once: copy it where it belongs to several"
        what = "{n} row{s} with a file of an earlier row, left out"
        found += finding("warning", "row-again", what, again, fix)
        what = "{n} row{s} that name no two files, left out"
        return found + finding("warning", "row-without-name", what, lines, "fill or remove them")

    def _lost(
        self, firsts: tuple[dict[Path, str], dict[Path, str]], row: tuple[Path, Path], line: int
    ) -> list[tuple[bool, str]]:
        """Of each file of a row that cannot be used, whether it is missing, and why in words; nothing of a pair."""
        found = list[tuple[bool, str]]()
        for first, file in zip(firsts, row, strict=True):
            told = shown(file, self.path.parent)
            if file not in first:
                found.append((True, f"{told} is not there"))
            elif first[file] != f"line {line}":
                found.append((False, f"{told} stands in {first[file]}"))
        return sorted(found, reverse=True)


def read_manifest(path: Path, suffixes: Sequence[str]) -> Manifest | None:
    """A list of pairs, or None where a file is something else.

    It has a header (of JSONL, keys) with one name for inputs (`input`, `source`, `A`, `noisy`, ...) and one for targets
    (`target`, `B`, `clean`, ...), in any case; the paths in its first row have known endings, and are relative to it.

    Args:
        path: of the list.
        suffixes: endings of the files, lower case with the dot.
    """
    if path.suffix.lower() not in ENDINGS or not path.is_file():
        return None
    try:
        rows = _rows(path)
    except (OSError, ValueError, csv.Error, RecursionError):
        return None
    names = [name for name in (rows[0][1] if rows else {}) if isinstance(name, str)]
    source = [name for name in names if name.strip().lower() in MORE_INPUTS]
    target = [name for name in names if name.strip().lower() in MORE_TARGETS]
    if len(source) != 1 or len(target) != 1:
        return None
    kept, blank = dict[int, tuple[Path, Path]](), list[int]()
    for line, row in rows:
        one, other = row.get(source[0]), row.get(target[0])
        if isinstance(one, str) and isinstance(other, str) and _is_name(one) and _is_name(other):
            kept[line] = (path.parent / one.strip(), path.parent / other.strip())
        else:
            blank.append(line)
    pairs = tuple(kept.values())
    if not pairs or not all(file.name.lower().endswith(tuple(suffixes)) for file in pairs[0]):
        return None
    return Manifest(path, source[0], target[0], pairs, tuple(kept), tuple(blank))


def list_at(place: Path, suffixes: Sequence[str]) -> Manifest | None:
    """The list of pairs that a file is or a folder holds; None where there is none, or several that are as good.

    Of several in a folder the one goes first that lies in it, or else in its sub-folder `train`.
    """
    if not place.is_dir():
        return read_manifest(place, suffixes)
    inside = [file for file in walk(place).files if file.suffix.lower() in ENDINGS]
    found = [one for file in inside if (one := read_manifest(file, suffixes)) is not None and one.pairs()]
    for near in (
        [one for one in found if one.path.parent == place],
        [one for one in found if one.path.parent == place / TRAINED],
        found,
    ):
        if near:
            return near[0] if len(near) == 1 else None
    return None


def _rows(path: Path) -> list[tuple[int, dict[str, object]]]:
    """What a row says, after the number of its (last) line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix.lower() in FIELD:
            reader = csv.DictReader(file, delimiter=FIELD[path.suffix.lower()])
            return [(reader.line_num, dict(row)) for row in reader]
        found = [(number, json.loads(line)) for number, line in enumerate(file, 1) if line.strip()]
    if not all(isinstance(row, dict) for _, row in found):
        raise ValueError("a line that is no object")
    return found


def _is_name(value: str) -> bool:
    return bool(value.strip()) and "\0" not in value
