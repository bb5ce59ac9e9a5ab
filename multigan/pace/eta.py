"""The handler that says how long a run will take, a few seconds after it began."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from torch import Tensor

from multigan.core.plain import one_line
from multigan.engine.trainer import Quiet, Trainer
from multigan.terminal.bar import TIMED_FEWEST, spoken

__all__ = ["Eta"]

AFTER_SECONDS = 8.0


class Eta(Quiet):
    """Says once how long the run will take, all phases; nothing in a run that is over by then.

    Args:
        say: gets the line.
        costs: seconds of a sample in each phase, where the run has several: those ahead are known from a probe.
        clock: seconds.
        now: the time of day.
    """

    def __init__(
        self,
        say: Callable[[str], object],
        costs: Sequence[float] = (),
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.say, self.costs, self.clock, self.now = say, costs, clock, now
        self._began, self._first, self._steps, self._said = clock(), 0, 0, False

    def started(self, trainer: Trainer) -> None:
        """Begin to count."""
        self._began, self._first = self.clock(), trainer.state.samples

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Say it when enough is measured."""
        self._steps += 1
        elapsed = self.clock() - self._began
        if self._said or self._steps < TIMED_FEWEST or elapsed < AFTER_SECONDS or not trainer.world.is_first:
            return
        self._said = True
        if trainer.finished or trainer.stopping:
            return
        cost = elapsed / max(trainer.state.samples - self._first, 1)
        left = self._left(trainer, cost)
        total = sum(seconds for _, seconds in left)
        until = self.now() + timedelta(seconds=total)
        parted = ": " + ", ".join(f"{one_line(name)} {spoken(each)}" for name, each in left) if len(left) > 1 else ""
        self.say(f"about {spoken(total)} to go, until {until:%H:%M}{parted} (as the first {elapsed:.0f} s went)")

    def _left(self, trainer: Trainer, cost: float) -> list[tuple[str, float]]:
        """Seconds for what is left of each phase. Phases ahead: slower than the probe by as much as this one is."""
        state = trainer.state
        known = self.costs[state.phase] if self.costs else cost
        left = [(trainer.phase.told, max(0, trainer.phase.samples - state.phase_samples) * cost)]
        for phase, own in zip(trainer.phases[state.phase + 1 :], self.costs[state.phase + 1 :], strict=False):
            left.append((phase.told, phase.samples * own * cost / known))
        return left
