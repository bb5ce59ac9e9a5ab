"""Rows of a table that a quote which is never closed has swallowed, told from texts that do have several lines."""

import re
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Columns", "alike_lines", "parted"]

LINE_END = re.compile("\r\n|\r|\n")
NUMBER = re.compile(r"\s*[-+]?\d[\d.,:/ eET%+-]*\s*")
SAMPLE = 1_000
"""Rows that are looked at for what a column holds."""
LEAST = 3
MOSTLY = 0.9
MANY_LINES = 20
"""A field of more lines, most of which have the fields of a row, is no text, whatever the columns hold."""


class _Parts(NamedTuple):
    """What a field of several lines would be if its quotes were text: rows, and the line where each begins."""

    rows: list[list[str]]
    lines: list[int]


def parted(row: Sequence[str], separator: str, width: int, line: int = 0) -> _Parts | None:
    """The rows of `width` fields which the first field of several lines would be, or None where they do not come out.

    The first line of the field has to fill up the row in which it begins, the last one that in which it ends, and all
    others have to be whole rows.

    Args:
        row: as it was read.
        separator: between fields.
        width: of the file's rows.
        line: where the row begins.
    """
    place = next((place for place, field in enumerate(row) if LINE_END.search(field)), None)
    if place is None or width < 2:
        return None
    lines = LINE_END.split(row[place])
    middle = [one.split(separator) for one in lines[1:-1]]
    first, last = f'"{lines[0]}'.split(separator), f'{lines[-1]}"'.split(separator)
    rows = [[*row[:place], *first], *middle, [*last, *row[place + 1 :]]]
    if any(len(one) != width for one in rows):
        return None
    return _Parts(rows, [line + k for k in range(len(rows))])


def alike_lines(field: str, separator: str, width: int) -> list[list[str]]:
    """The lines of a field of more than 20, as rows, where most have the fields of one; else none."""
    lines = LINE_END.split(field) if width > 1 else []
    rows = [cut for cut in (line.split(separator) for line in lines) if len(cut) == width]
    return rows if len(lines) > MANY_LINES and len(rows) > MOSTLY * len(lines) else []


class Columns:
    """What the columns beside the texts hold, by the first rows: numbers, or a few values again and again.

    Args:
        place: of the texts.
        width: of rows.
        spaced: whether white space follows the separators of this file.
    """

    def __init__(self, place: int, width: int, *, spaced: bool) -> None:
        self.others = [column for column in range(width) if column != place]
        self.width, self.spaced = width, spaced
        self.seen: list[list[str]] = []

    def add(self, row: Sequence[str]) -> None:
        """Look at a row of one line."""
        if len(self.seen) < SAMPLE and len(row) == self.width:
            self.seen.append(list(row))

    def hold(self, rows: Sequence[Sequence[str]]) -> bool | None:
        """Whether rows are of the kind of those that were seen; None where no column is of a kind."""
        if not self.spaced and 2 * sum(any(cell[:1] == " " for cell in row[1:]) for row in rows) >= len(rows):
            return False  # commas of sentences
        fits = [fit for column in self.others if (fit := self._holds(column, rows)) is not None]
        return all(fits) if fits else None

    def _holds(self, column: int, rows: Sequence[Sequence[str]]) -> bool | None:
        seen, asked = [row[column] for row in self.seen], [row[column].strip() for row in rows]
        if len(seen) < LEAST:
            return None
        if sum(map(_is_number, seen)) >= MOSTLY * len(seen):
            return sum(map(_is_number, asked)) >= MOSTLY * len(asked)
        values = {value.strip() for value in seen}
        if len(values) * LEAST <= len(seen):
            return sum(value.strip('"') in values for value in asked) >= MOSTLY * len(asked)
        return None


def _is_number(value: str) -> bool:
    return NUMBER.fullmatch(value.strip('"')) is not None
