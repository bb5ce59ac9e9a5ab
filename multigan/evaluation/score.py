"""One score with its frame, and all of an evaluation as plain data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from multigan.core import strict_json
from multigan.core.atomic import replace_file
from multigan.metrics.intervals import Interval
from multigan.metrics.rows import GROUPS

__all__ = ["FILE", "GROUPS", "NO_WIDTH", "Evaluation", "Score", "from_row", "spread"]

FILE = "evaluation.json"
NO_WIDTH = "none: all resamples are the same"


@dataclass(frozen=True)
class Score:
    """A number that can be judged by what stands beside it.

    Attributes:
        key: short name.
        title: for people.
        group: one of `GROUPS`.
        value: of the fakes.
        better: `"lower"`, `"higher"`, `"near floor"` or `"none"`.
        low, high: the interval, as `interval` says.
        interval: how it was found.
        floor, floor_note: the same score of reals in the place of fakes, and which.
        baseline, baseline_note: the same score of trivial fakes, and which.
        n_fake, n_real: how many were compared.
        extractor: whose features, or None.
        note: what a reader must know.
        unit: `"%"` of a share of 1, which is shown in per cent; of others such as `"dB"`; "" = none.
    """

    key: str
    title: str
    group: str
    value: float
    better: str
    low: float | None = None
    high: float | None = None
    interval: str | None = None
    floor: float | None = None
    floor_note: str | None = None
    baseline: float | None = None
    baseline_note: str | None = None
    n_fake: int | None = None
    n_real: int | None = None
    extractor: str | None = None
    note: str | None = None
    unit: str = ""

    @property
    def clear(self) -> bool:
        """Whether the floor lies outside the interval."""
        if self.floor is None or self.low is None or self.high is None:
            return False
        return not self.low <= self.floor <= self.high

    def told(self, value: float) -> str:
        """A value of this score as sentences have it: in its unit, with four digits."""
        return f"{100 * value:.4g}%" if self.unit == "%" else f"{value:.4g}"


@dataclass(frozen=True)
class Evaluation:
    """What `evaluate` found; `to_json` is the layout of `evaluation.json`.

    Attributes:
        facts: version, date, run, modality, generator, recipe, seed, counts, extractor, seconds, peak memory.
        scores: in the order of `GROUPS`.
        verdict: lines for people.
        warnings: what spoils the numbers, or forbids to publish.
        curves: numbers to plot, by name.
        flags: what of it programs act on, key to words; see `multigan.run.flags`.
    """

    facts: Mapping[str, Any]
    scores: tuple[Score, ...]
    verdict: tuple[str, ...]
    warnings: tuple[str, ...]
    curves: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)

    def score(self, key: str) -> Score:
        """The score named `key`; KeyError where it was not taken."""
        found = {score.key: score for score in self.scores}
        return found[key]

    def to_json(self) -> dict[str, Any]:
        """JSON values only."""
        return {
            **self.facts,
            "scores": [asdict(score) for score in self.scores],
            "verdict": list(self.verdict),
            "warnings": list(self.warnings),
            "flags": dict(self.flags),
            "curves": dict(self.curves),
        }

    def write(self, folder: Path) -> Path:
        """Put `evaluation.json` into the run directory, whole or not at all.

        Raises:
            WriteError: the folder cannot be written.
        """
        path = folder / FILE
        replace_file(path, strict_json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n")
        return path


def from_row(row: Mapping[str, Any], n_fake: int, n_real: int) -> Score:
    """A score from what a modality's `own_scores` returns; unknown keys are dropped, missing ones are None."""
    known = {name: row[name] for name in Score.__dataclass_fields__ if name in row}
    if known.get("low") is not None and known["low"] == known.get("high"):
        known |= {"low": None, "high": None, "interval": NO_WIDTH}
    return Score(**{"n_fake": n_fake, "n_real": n_real, **{k: v for k, v in known.items() if v is not None}})


def spread(interval: Interval) -> dict[str, Any]:
    """`value`, `low`, `high` and `interval` of a score; one without width says nothing, and is none."""
    if interval.low == interval.high:
        return {"value": interval.value, "low": None, "high": None, "interval": NO_WIDTH}
    return {"value": interval.value, "low": interval.low, "high": interval.high, "interval": interval.how}
