"""Lists of pairs: a CSV, TSV or JSONL file with one column of inputs and one of targets, as paths beside it."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from multigan.files.sides import INPUTS, TARGETS

__all__ = ["ENDINGS", "Manifest", "read_manifest"]

ENDINGS = (".csv", ".tsv", ".jsonl")
FIELD = {".csv": ",", ".tsv": "\t"}
MORE_INPUTS, MORE_TARGETS = (*INPUTS, "x", "before"), (*TARGETS, "y", "after")


class Manifest(NamedTuple):
    """What a list says.

    Attributes:
        path: the list.
        source: name of the column of inputs.
        target: name of the column of targets.
        rows: of each pair, the files; they need not be there.
    """

    path: Path
    source: str
    target: str
    rows: tuple[tuple[Path, Path], ...]

    def files(self, column: str) -> dict[Path, str]:
        """The files of a column that are there, with the names of their rows; of a file in several rows the first."""
        found = dict[Path, str]()
        for number, row in enumerate(self.rows, 1):
            file = row[column == self.target]
            if file.is_file():
                found.setdefault(file, f"row {number}")
        return found


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
    names = [name for name in (rows[0] if rows else []) if isinstance(name, str)]
    source = [name for name in names if name.strip().lower() in MORE_INPUTS]
    target = [name for name in names if name.strip().lower() in MORE_TARGETS]
    if len(source) != 1 or len(target) != 1:
        return None
    kept = list[tuple[Path, Path]]()
    for row in rows:
        one, other = row.get(source[0]), row.get(target[0])
        if isinstance(one, str) and isinstance(other, str) and _is_name(one) and _is_name(other):
            kept.append((path.parent / one.strip(), path.parent / other.strip()))
    known = tuple(suffixes)
    if not kept or not all(file.name.lower().endswith(known) for file in kept[0]):
        return None
    return Manifest(path, source[0], target[0], tuple(kept))


def _rows(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix.lower() in FIELD:
            return [dict(row) for row in csv.DictReader(file, delimiter=FIELD[path.suffix.lower()])]
        found = [json.loads(line) for line in file if line.strip()]
    if not all(isinstance(row, dict) for row in found):
        raise ValueError("a line that is no object")
    return found


def _is_name(value: str) -> bool:
    return bool(value.strip()) and "\0" not in value
