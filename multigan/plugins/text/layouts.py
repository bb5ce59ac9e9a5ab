"""Where pairs of texts lie: in two files of lines, a folder of such, or two columns of one file."""

import json
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from multigan.core.errors import DataError
from multigan.core.shell import typed
from multigan.files.findings import shown
from multigan.plugins.text.columns import named
from multigan.plugins.text.decode import checked, lines_in, opened
from multigan.plugins.text.headed import INPUTS, TARGETS, is_header, not_pairs
from multigan.plugins.text.read import SUFFIXES
from multigan.plugins.text.table import NUMBERED, Head, head_of, header_of

__all__ = ["OBJECTS", "TABLES", "Found", "look", "names_in", "told"]

TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
OBJECTS = (".jsonl", ".jsonl.gz", ".ndjson")
HEAD = 50
SIMPLE = re.compile(r"[^\W\d][\w-]{0,31}")
"""What may well be the name of a column, beside those that are taken for one."""
FITTING = 0.95
"""Of the rows of a CSV file without a header have two fields, where these are pairs and no prose with commas."""


class Found(NamedTuple):
    """Where the two sides of pairs are.

    Attributes:
        source: file of the inputs.
        target: file of the targets; the same where columns tell them apart.
        columns: names or numbers of the two columns, input first; "" where a file is lines.
        first: fields of the first row, where a look at the rows had to tell whether it is the header.
    """

    source: Path
    target: Path
    columns: tuple[str, str] = ("", "")
    first: tuple[str, ...] = ()

    def told(self) -> str:
        """In words, which is the input."""
        if self.source == self.target:
            names = [shown(one.removeprefix(NUMBERED)) for one in self.columns]
            return f"two columns, {names[0]} as input and {names[1]} as target"
        return f"two files of lines, {shown(self.source.name)} as input and {shown(self.target.name)} as target"

    def swapped(self) -> "Found":
        """The other way round."""
        return Found(self.target, self.source, (self.columns[1], self.columns[0]), self.first)

    def of_first(self) -> list[str]:
        """A line on what a first row that may be a header was taken for, and what to type where it is not."""
        by_number = any(one.startswith(NUMBERED) for one in self.columns)
        if not self.first or (by_number and not all(SIMPLE.fullmatch(name) for name in self.first)):
            return []
        given, wanted = self.first if by_number else ("1", "2")
        ways = f"--set {typed(f'input.column={given}')} --set {typed(f'data.column={wanted}')}"
        taken, other = ("a pair", "the header") if by_number else ("the header", "a pair")
        return [f"first row taken as {taken}: {named(self.first)} (where it is {other}: {ways})"]


def look(place: Path, *, asked: bool = False) -> Found | None:
    """Pairs at a place, by names and the first lines; None where there are none that are known.

    Args:
        place: a file or a folder.
        asked: a person says that there are pairs, so that two columns are, whatever they look like.
    """
    try:
        if place.is_dir():
            return _of_folder(place)
        return _of_file(place, asked=asked) if place.is_file() else None
    except (DataError, OSError, ValueError):
        return None


def told(place: Path) -> str:
    """What pairs there are at a place, in words; "" where there are none that are known."""
    found = look(place)
    return "" if found is None else found.told()


def names_in(file: Path) -> Sequence[str]:
    """The first row of a table, or the keys of texts of objects.

    Raises:
        DataError: it cannot be read.
    """
    if file.name.lower().endswith(OBJECTS):
        return _text_keys(checked(file, _objects))
    return checked(file, header_of)


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


def _of_file(file: Path, *, asked: bool = False) -> Found | None:
    name = file.name.lower()
    if name.endswith(TABLES):
        return _of_table(file, checked(file, head_of), asked=asked)
    if name.endswith(OBJECTS):
        return _of_objects(file, checked(file, _objects), asked=asked)
    return None


def _of_table(file: Path, head: Head, *, asked: bool) -> Found | None:
    """Two columns are pairs, unless a header or what is in them says otherwise; of more, those whose names say so."""
    names = _full(head.rows[0]) if head.rows else ()
    if len(names) != 2 and _sides_by_name(names) is None and _mostly_two(head):
        return Found(file, file, (f"{NUMBERED}1", f"{NUMBERED}2"))
    if len(names) != 2:
        columns = _sides_by_name(names)
        return None if columns is None else Found(file, file, columns)
    rows = [(row[0], row[1] if len(row) > 1 else "") for row in map(_full, head.rows) if 0 < len(row) <= 2]
    if not is_header(rows):
        prose = head.separator != "\t" and (head.spaced or len(rows) < FITTING * len(head.rows))
        if not asked and (prose or not_pairs(None, rows)):
            return None
        return Found(file, file, (f"{NUMBERED}1", f"{NUMBERED}2"), rows[0])
    columns = _sides_by_name(names)
    if columns is None and not asked and not_pairs(names, rows[1:]):
        return None
    given, wanted = columns or _in_order(names)
    if given == wanted:
        given, wanted = f"{given}:1", f"{wanted}:2"
    return Found(file, file, (given, wanted), names)


def _of_objects(file: Path, rows: Sequence[dict[str, object]], *, asked: bool) -> Found | None:
    names = _text_keys(rows)
    columns = _sides_by_name(names)
    if columns is None and len(names) == 2 == len({key for row in rows for key in row}):
        texts = [(str(row.get(names[0]) or ""), str(row.get(names[1]) or "")) for row in rows]
        columns = _in_order(names) if asked or not not_pairs(names, texts) else None
    return None if columns is None else Found(file, file, columns)


def _mostly_two(head: Head) -> bool:
    """Whether most rows behind tabs have two fields, though the first has others: the reader says which do not fit."""
    widths = [len(_full(row)) for row in head.rows]
    return head.separator == "\t" and 2 * widths.count(2) > len(widths)


def _full(row: tuple[str, ...]) -> tuple[str, ...]:
    """A row without empty fields at its end, beyond the second."""
    while len(row) > 2 and not row[-1]:
        row = row[:-1]
    return row


def _sides_by_name(names: Sequence[str]) -> tuple[str, str] | None:
    """Two of several columns whose names say that one is the input and one the target."""
    lower = [name.lower() for name in names]
    given = next((k for one in INPUTS for k, name in enumerate(lower) if name == one), None)
    wanted = next((k for one in TARGETS for k, name in enumerate(lower) if name == one), None)
    if given is None and wanted is not None and "text" in lower:
        given = lower.index("text")
    return None if given is None or wanted is None else (names[given], names[wanted])


def _in_order(names: Sequence[str]) -> tuple[str, str]:
    """The only two columns, the first the input, unless the name of one says otherwise."""
    swap = names[1].lower() in INPUTS or names[0].lower() in TARGETS
    return (names[1], names[0]) if swap else (names[0], names[1])


def _objects(file: Path) -> list[dict[str, object]]:
    """The first objects."""
    found = list[dict[str, object]]()
    with opened(file) as stream:
        for line in islice(lines_in(file, stream), HEAD):
            row = json.loads(line) if line.strip() else {}
            found += [row] if isinstance(row, dict) and row else []
    return found


def _text_keys(rows: Sequence[dict[str, object]]) -> list[str]:
    """Keys whose values are texts."""
    return list(dict.fromkeys(key for row in rows for key, value in row.items() if isinstance(value, str)))
