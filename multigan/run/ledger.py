"""A run's metrics file and what of it is kept in memory, so that nobody reads it again at every measurement."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from multigan.core import strict_json
from multigan.core.atomic import replace_file, writing
from multigan.core.counted import counted
from multigan.core.errors import RunError
from multigan.core.shell import typed
from multigan.run.lock import owner_of

__all__ = ["NEWEST", "Ledger", "is_measurement", "read_metrics", "unread_lines"]

Row = Mapping[str, Any]
MOST = 2**63
COUNTED = ("phase", "step", "samples")
NEWEST = 5
"""Rows without vitals that count: those among so many newest ones."""
FEW = 5
"""Damaged lines that are named."""


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """All whole lines of a metrics file, oldest first; what is damaged is left out, see `unread_lines`.

    Raises:
        RunError: it is there and cannot be read, as where it is a folder.
    """
    return [row for _, row in _lines(path) if row is not None]


def unread_lines(path: Path) -> list[str]:
    """What to say of the damaged lines of a metrics file: how many, and which; nothing where there are none.

    The last line without its end is told apart, and not where another process, or this one, is in the run just now:
    then it is being written.

    Raises:
        RunError: it is there and cannot be read.
    """
    damaged = [number for number, row in _lines(path) if row is None]
    cut = [f"the last line of {path.name} is cut, and is left out"] if _is_cut(path) else []
    if not damaged:
        return cut
    which = ", ".join(f"{number:,}" for number in damaged[:FEW])
    more = f" and {len(damaged) - FEW:,} more" if len(damaged) > FEW else ""
    left = "is left out" if len(damaged) == 1 else "are left out"
    return [f"{counted(len(damaged), 'line')} of {path.name} cannot be read, and {left}: {which}{more}", *cut]


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Numbers of lines, from 1, with their rows, None where damaged; no empty ones, and no last one that is torn."""
    lines = _content(path).split(b"\n")
    for number, line in enumerate(lines, 1):
        row = _row_of(line)
        if row is not None or (line.strip() and number < len(lines)):
            yield number, row


def _is_cut(path: Path) -> bool:
    """Whether the last line has no end and nobody is writing it."""
    last = _content(path).rpartition(b"\n")[2]
    return bool(last.strip()) and _row_of(last) is None and owner_of(path.parent) is None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError as error:
        what = "a folder" if path.is_dir() else f"not to be read ({error.strerror or error})"
        cure = f"put the file back, or go on without: mv {typed(path)} {typed(str(path) + '.old')}"
        raise RunError(f"{path} is {what}", "the file of measurements that training wrote", cure) from error


def _row_of(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line.decode())
    except (ValueError, RecursionError):  # no JSON, or torn in the middle of a character
        return None
    return row if isinstance(row, dict) and _is_row(row := _with_nan(row)) else None


def _with_nan(row: Row) -> dict[str, Any]:
    """JSON has no NaN and no infinity: what was not finite stands in the file as null."""
    return {key: math.nan if value is None and key not in COUNTED else value for key, value in row.items()}


def is_measurement(row: Mapping[str, Any]) -> bool:
    """Whether a row of a metrics file holds vitals."""
    return any(name.startswith("vitals/") for name in row)


def _is_row(row: Row) -> bool:
    """Whether it counts steps and holds nothing but numbers, and the names of phases."""
    counted = all(type(row.get(name, 0)) is int and 0 <= row.get(name, 0) <= MOST for name in ("step", "samples"))
    named = isinstance(row.get("phase", ""), str) and ("phase" in row or not is_measurement(row))
    numbers = (value for key, value in row.items() if key != "phase")
    return "step" in row and counted and named and all(_is_number(value) for value in numbers)


def _is_number(value: object) -> bool:
    """NaN and infinity are numbers, a whole number that no float can hold is none."""
    return isinstance(value, float) or (type(value) is int and abs(value) <= MOST)


class Ledger:
    """The rows of a metrics file: read once, at a resume and after a rollback, then only added to.

    The file has every row. Memory has those with vitals and the newest five, which is all that a `History` looks at: a
    few dozen, however long the run.

    Args:
        path: `metrics.jsonl`; it need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: list[Row] | None = None

    @property
    def rows(self) -> Sequence[Row]:
        """What memory has, oldest first; the file is read where nothing was asked for or written before."""
        if self._rows is None:
            self._remember(read_metrics(self.path))
        return tuple(self._rows or ())

    def append(self, row: Row) -> None:
        """Add a row to the file, flushed at once, and to memory.

        Raises:
            WriteError: the file cannot be written; memory is as it was.
        """
        with writing(self.path), self.path.open("a", encoding="utf-8") as file:
            file.write(strict_json.dumps(row) + "\n")
        if self._rows is not None:
            self._rows.append(row)
            self._forget()

    def keep(self, step: int) -> None:
        """Drop all rows of later steps than `step`, from the file and from memory.

        Raises:
            WriteError: the file cannot be written.
        """
        kept = [row for row in read_metrics(self.path) if row["step"] <= step]
        replace_file(self.path, "".join(strict_json.dumps(row) + "\n" for row in kept))
        self._remember(kept)

    def _remember(self, rows: Sequence[Row]) -> None:
        self._rows = []
        for row in rows:
            self._rows.append(row)
            self._forget()

    def _forget(self) -> None:
        """Let go of the row that is no longer among the newest, where it holds no vitals."""
        rows = self._rows or []
        if len(rows) > NEWEST and not is_measurement(rows[-NEWEST - 1]):
            del rows[-NEWEST - 1]
