"""A run's measurements as series, and what is known of the run besides."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from multigan.run.ledger import is_measurement

__all__ = ["UNSEEN", "Circumstances", "History"]

UNSEEN = "vitals/surprise_unseen"
"""How unlikely held-out items are under G, where a modality measures it; see `multigan.plugins.abilities.Gauges`."""

UNKNOWN = 10
"""Items that stand for held-out ones where none are: a distance to trained items rises when G learns what others share,
and only a clear rise, a tenth of the way to one item repeated, says that a generator got worse."""


@dataclass(frozen=True)
class Circumstances:
    """What the doctor knows of a run besides its numbers.

    Attributes:
        folder: the run directory, as a person would type it.
        samples: real samples of the whole run, all phases.
        items: items trained on; 0 = unknown.
        lr: learning rates by player.
        loss: name of the loss pair.
        penalties: the recipe's entries, `{"name": ..., "weight": ...}`.
        n_critic: turns of D to one of G.
        phases: the recipe's entries of phases before the last.
        last_phase_samples: budget of the last phase.
        own_samples: what the recipe as it ships trains, in its one phase; 0 = not known, or there are several.
        failure: the error that ended the run, or None.
        data_changes: lines that say that the data was changed during the run.
        unread: lines that say what of the run's measurements could not be read.
        moved_to: where the data is now, if the recipe in the run directory names another place.
        judged: what an evaluation of these weights said against them, or "".
        undecided: what it said where it was "undecided", or "".
        evaluated: whether an evaluation looked at these weights, whatever it said.
        other: `"best"` where the run keeps another generator beside the last, which the judge at its end looks at.
        takes_input: whether G is given an input.
        verb: how its generator is used first; see `first_use.verb_for`.
        augments: whether D could be shown augmented samples, and is not yet.
        which: of the run's generators to use; "" = the one that verbs take.
        apart: whether inputs and targets are two sets without pairs, so that no output has a target.
    """

    folder: str = "RUN"
    samples: int = 0
    items: int = 0
    lr: Mapping[str, float] = field(default_factory=lambda: {"G": 2e-4, "D": 2e-4})
    loss: str = "relativistic"
    penalties: Sequence[Mapping[str, Any]] = ()
    n_critic: int = 1
    phases: Sequence[Mapping[str, Any]] = ()
    last_phase_samples: int = 0
    own_samples: int = 0
    failure: str | None = None
    data_changes: Sequence[str] = ()
    unread: Sequence[str] = ()
    moved_to: str = ""
    judged: str = ""
    undecided: str = ""
    evaluated: bool = False
    other: str = ""
    takes_input: bool = False
    verb: str = "generate"
    augments: bool = False
    which: str = ""
    apart: bool = False


class History:
    """Rows of a metrics file that hold vitals, oldest first.

    Args:
        rows: of the file; of those without vitals only the newest five count, for losses that are not finite.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows = list(rows)
        self.vitals = [row for row in rows if is_measurement(row)]
        last_phase = self.vitals[-1]["phase"] if self.vitals else ""
        self.phase = [row for row in self.vitals if row["phase"] == last_phase]
        """Measurements of the phase that the run is in: signs of D and of standing still are read from these."""

    def before_phase(self) -> "History | None":
        """The run as it was when the current phase began; None where nothing was measured by then."""
        if len(self.phase) == len(self.vitals):
            return None
        first = next(k for k, row in enumerate(self.rows) if row is self.phase[0])
        return History(self.rows[:first])

    def last(self, name: str) -> float | None:
        """The newest value of a vital, or None."""
        return next((row[f"vitals/{name}"] for row in reversed(self.vitals) if f"vitals/{name}" in row), None)

    def now(self, name: str) -> float | None:
        """The value of a vital in the newest measurement, or None where that did not take it."""
        return self.vitals[-1].get(f"vitals/{name}") if self.vitals else None

    def series(self, name: str) -> list[float]:
        """All values of a vital in the current phase."""
        return [row[f"vitals/{name}"] for row in self.phase if f"vitals/{name}" in row]

    def lower_of_last_two(self, name: str) -> float | None:
        """The lower of a vital's last two measurements, in whatever phase, the start left out; None without any."""
        values = [row[f"vitals/{name}"] for row in self.vitals if row["step"] > 0 and f"vitals/{name}" in row]
        return min(values[-2:], default=None)

    def recent(self, name: str, share: float = 1 / 3) -> float | None:
        """The mean over the last part of the current phase's measurements, at least two of them."""
        values = self.series(name)
        values = values[-max(2, math.ceil(share * len(values))) :]
        return sum(values) / len(values) if values else None

    @property
    def reals_same(self) -> bool:
        """Whether all reals are one and the same; runs of before told distances of them, in units of nothing."""
        if self.last("reals_same"):
            return True
        return self.last("distance_trivial") == 0 and self.last("distance_floor") == 0

    def gap(self, value: float | None, of: str = "distance") -> float | None:
        """A value of the vital `of` on a scale where reals are at 0 and the trivial baseline is at 1.

        The baseline of `distance` is one real item repeated, that of `order` reals whose parts were dealt anew. None
        where it is no farther than reals are, as where all of them are one and the same.
        """
        floor, trivial = self.last(f"{of}_floor"), self.last(f"{of}_trivial")
        if value is None or floor is None or trivial is None or trivial - floor <= 1e-9:
            return None
        return (value - floor) / (trivial - floor)

    def gap_now(self) -> float | None:
        """The gap of the distance over the last fifth of the phase's measurements."""
        return self.gap(self.recent("distance", 0.2))

    def gain(self, share: float, of: str = "distance") -> float:
        """What part of the way to the floor was covered over the last `share` of the phase; negative = got worse.

        Zero where the change is within two deviations of the floor, which is noise. Shares are of samples: a run that
        is stopped is measured there, which may be moments after the measurement before.
        """
        values = self.series(of)
        if len(values) < 3:
            return 0.0
        begin = values[_place([row["samples"] for row in self.phase if f"vitals/{of}" in row], share)]
        floor, noise = self.last(f"{of}_floor") or 0.0, self.last(f"{of}_floor_deviation") or 0.0
        change = begin - values[-1]
        return 0.0 if abs(change) <= 2 * noise else change / max(begin - floor, abs(change), 1e-12)

    def best(self, of: str = "distance") -> tuple[float, int] | None:
        """The lowest value of a vital after the start, in whatever phase, and the samples seen by then."""
        key = f"vitals/{of}"
        found = [(row[key], row["samples"]) for row in self.vitals if row["step"] > 0 and key in row]
        return min(found) if found else None

    def knew(self) -> tuple[float, int] | None:
        """The lowest `surprise`, and the samples seen by then, as long as reals that are held out grew likelier too.

        What came after that was learnt by heart, and to have it no more is no loss.
        """
        rows = [row for row in self.vitals if row["step"] > 0 and "vitals/surprise" in row]
        likeliest = min((row for row in rows if UNSEEN in row), key=lambda row: row[UNSEEN], default=None)
        until = math.inf if likeliest is None else likeliest["step"]
        return min(((row["vitals/surprise"], row["samples"]) for row in rows if row["step"] <= until), default=None)

    def best_place(self) -> tuple[int, str] | None:
        """Where the lowest distance of `best` was measured: the samples seen by then, and the phase."""
        best = self.best()
        return next(((best[1], row["phase"]) for row in self.vitals if best and row["samples"] == best[1]), None)

    def ends_level(self) -> bool:
        """Whether the newest distance is no farther above the lowest, of the same phase, than held-out items can tell.

        That is one of n of the way from reals to one item repeated.
        """
        best, place = self.best(), self.best_place()
        if best is None or place is None or place[1] != self.vitals[-1]["phase"]:
            return False
        last, lowest = self.gap(self.last("distance")), self.gap(best[0])
        return last is not None and lowest is not None and last - lowest <= 1 / (self.last("heldout_items") or UNKNOWN)

    def progress(self, facts: Circumstances) -> float:
        """The share of the run that is done."""
        return self.rows[-1]["samples"] / max(facts.samples, 1) if self.rows else 0.0


def _place(samples: Sequence[int], share: float) -> int:
    """Which measurement stands at the beginning of the last `share` of the samples: the nearest, and not the last."""
    whole = max(samples[-1] - samples[0], 1)
    aim = samples[0] + (1 - share) * whole
    before = max(k for k, n in enumerate(samples) if n <= aim or k == 0)
    step = samples[before + 1] - samples[before] if before + 1 < len(samples) else 0
    place = min(len(samples) - 2, round(round(before + (aim - samples[before]) / max(step, 1), 6)))
    while place > 0 and samples[-1] - samples[place] < share * whole / 2:
        place -= 1
    return place
