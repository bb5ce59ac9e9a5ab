"""`budget.json` of a run: what was asked for, what was chosen, and what of it is spent."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from multigan.core import strict_json
from multigan.core.atomic import replace_file
from multigan.run.files import read_strict

__all__ = ["FILE", "Record", "budget_lines", "read_record", "write_record"]

FILE = "budget.json"
FORMAT = 1
LONGEST_LINE = 2000


@dataclass(frozen=True)
class Record:
    """What a run knows of its budget.

    Attributes:
        begun: samples of every phase in the recipe whose fingerprint its checkpoints have.
        written: all lengths that the recipe in the run directory has had: with others it was edited by hand.
        minutes: that it may take, of which `spent_seconds` are over; None = it ends at its samples.
        samples: that were asked for, in all; None = minutes were.
        spent_seconds: of the minutes, by the last checkpoint.
        since_samples: real samples seen when this budget began; 0 in a run that began with it.
        costs: seconds of a real sample in every phase, as last measured.
        lines: what was chosen and changed, in words, oldest first.
        fixed: numbers of phases that are as long as somebody has set them, whatever the minutes.
    """

    begun: tuple[int, ...]
    written: tuple[tuple[int, ...], ...]
    minutes: float | None = None
    samples: int | None = None
    spent_seconds: float = 0.0
    since_samples: int = 0
    costs: tuple[float, ...] = ()
    lines: tuple[str, ...] = ()
    fixed: tuple[int, ...] = ()

    @property
    def left_seconds(self) -> float | None:
        """What of the minutes is left."""
        return None if self.minutes is None else max(0.0, 60 * self.minutes - self.spent_seconds)

    def lengthened(self, lengths: Sequence[int], line: str = "") -> "Record":
        """The record of a run whose recipe gets other lengths."""
        new = tuple(lengths)
        written = self.written if new in self.written else (*self.written, new)
        return replace(self, written=written, lines=(*self.lines, line) if line else self.lines)

    def noted(self, line: str) -> "Record":
        """The record with one more line, once."""
        return self if line in self.lines else replace(self, lines=(*self.lines, line))


def read_record(folder: Path) -> Record | None:
    """The `budget.json` of a run, or None where it has none: it is as long as its recipe says.

    Raises:
        RunError: it is damaged.
    """
    plain = read_strict(folder / FILE, _Plain, "copy it again")
    if plain is None:
        return None
    values = {name: value for name, value in plain.model_dump().items() if name != "format"}
    lists = {"begun": tuple(plain.begun), "written": tuple(tuple(each) for each in plain.written)}
    more = {"costs": tuple(plain.costs), "lines": tuple(plain.lines), "fixed": tuple(plain.fixed)}
    return Record(**{**values, **lists, **more})


def budget_lines(folder: Path) -> list[str]:
    """What was chosen and changed in a run, in words.

    Raises:
        RunError: `budget.json` is damaged.
    """
    record = read_record(folder)
    return list(record.lines) if record is not None else []


def write_record(folder: Path, record: Record) -> None:
    """Write `budget.json`, whole or not at all.

    Raises:
        WriteError: it cannot be written.
    """
    lines = [line[:LONGEST_LINE] for line in record.lines]
    plain = {"format": FORMAT, **asdict(record), "lines": lines}
    replace_file(folder / FILE, strict_json.dumps(plain, indent=1) + "\n")


Length = Annotated[int, Field(ge=1, le=2**53)]
Seconds = Annotated[FiniteFloat, Field(ge=0, le=1e12)]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)]
    begun: Annotated[list[Length], Field(min_length=1, max_length=1000)]
    written: list[list[Length]]
    minutes: Annotated[FiniteFloat, Field(gt=0, le=1e9)] | None
    samples: Length | None
    spent_seconds: Seconds
    since_samples: Annotated[int, Field(ge=0, le=2**53)]
    costs: list[Annotated[FiniteFloat, Field(gt=0, le=1e12)]]
    lines: list[Annotated[str, Field(max_length=LONGEST_LINE)]]
    fixed: list[Annotated[int, Field(ge=0, lt=1000)]] = []
