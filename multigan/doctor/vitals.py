"""The handler that takes a run's vitals: about twenty times, on copies, without touching training."""

import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from torch import Tensor

from multigan.core.errors import DataError, PluginError, ShapeError
from multigan.doctor.last_look import MakeViews, last_look
from multigan.doctor.matched import matched
from multigan.doctor.measure import flat_weights, measure
from multigan.doctor.reference import Features, MakeGauge, Reference, make_reference
from multigan.engine.trainer import Quiet, Trainer
from multigan.run.cadence import Cadence

__all__ = ["Vitals"]

ITERATIONS_EACH = 60
FEWEST = 8
MOST_OF_TIME = 0.25
"""Of the time that is left: what a measurement on the way may take."""


class Vitals(Quiet):
    """Measures at the start, evenly over the run and at its end; on the first process only.

    Args:
        features: D's space `(batch, ...)` to `(batch, dim)`.
        times: measurements in a long run; a run of fewer than 60 iterations for each gets fewer, but at least 8.
        make_gauge: the modality's own vitals, where it has some.
        make_views: what a fresh judge sees of samples; at the end of the run one looks. None = none does.

    Attributes:
        latest: what the last iteration's measurement found, `{}` where it was not due.
        unjudged: why no judge could look at the end, or why its second witness could not, or "".
        left: seconds until the run should be over, as far as somebody knows. A measurement that would take more than a
            quarter of them is left out, but for the last one.
    """

    def __init__(
        self,
        features: Features,
        times: int = 20,
        make_gauge: MakeGauge | None = None,
        make_views: MakeViews | None = None,
    ) -> None:
        self.features, self.times, self.make_gauge = features, times, make_gauge
        self.make_views = make_views
        self.cadence = Cadence(times)
        self.latest: dict[str, float] = {}
        self.unjudged = ""
        self._reference: Reference | None = None
        self._before: dict[str, Tensor] = {}
        self._steps: dict[str, float] = {}
        self._steps_phase = ""
        self._before_step, self._seconds = -1, 0.0
        self.left: Callable[[], float] = lambda: math.inf

    def started(self, trainer: Trainer) -> None:
        """Measure the reals, and the nets of a new run; of one that goes on, how far weights go counts from here."""
        iterations = sum(phase.iterations(trainer.batches.batch) for phase in trainer.phases)
        self.cadence = Cadence(min(self.times, max(FEWEST, iterations // ITERATIONS_EACH)))
        self.latest = {}
        if self.times and trainer.world.is_first:
            if trainer.state.step == 0:
                self.take(trainer)
            else:
                self._note_weights(trainer)

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Measure when due."""
        self.latest = {}
        if trainer.state.step == self._before_step + 1 and trainer.world.is_first:
            self._steps = {f"vitals/{name}_step": change for name, change in self._changes(trainer).items()}
            self._steps_phase = trainer.phase.name
        if self.due(trainer) and trainer.world.is_first:
            # Data that has gone ends the run where it is trained on, at a whole iteration; looking must not do that.
            with suppress(DataError):
                self.take(trainer)

    def rewound(self, trainer: Trainer) -> None:
        """Forget the weights that were left behind: how far they moved would be measured from an ill run."""
        self._before, self._steps, self._before_step = {}, {}, -1

    def due(self, trainer: Trainer) -> bool:
        """Whether this iteration is measured; the same answer on every process."""
        stopped = trainer.stopping and trainer.world.size == 1
        if trainer.finished or stopped:
            return bool(self.times)
        return bool(self.times) and self.cadence.due(trainer) and not self._too_slow(trainer)

    def _too_slow(self, trainer: Trainer) -> bool:
        """Whether to train is a better use of the time; never of several processes, whose clocks differ."""
        return trainer.world.size == 1 and self._seconds > MOST_OF_TIME * max(0.0, self.left())

    def take(self, trainer: Trainer) -> dict[str, float]:
        """Measure now."""
        began = time.perf_counter()
        if self._reference is None:
            self._reference = make_reference(trainer.batches, self.features, self.make_gauge)
        measuring = time.perf_counter()
        fakes = list[Tensor]()
        found = measure(trainer, self._reference, self.features, fakes.append)
        self.latest = found | self._moved(trainer)
        self._seconds = time.perf_counter() - measuring
        if trainer.finished and self.make_views is not None:
            try:
                self.latest |= matched(trainer, self._reference, fakes[0])
                self.latest |= last_look(trainer, self._reference, self.make_views, self._warn)
            except (PluginError, ShapeError) as error:  # it costs the judge, and not what was trained
                self.unjudged = f"no judge looked at the fakes: {error}"
        self.latest["vitals/seconds"] = round(time.perf_counter() - began, 4)
        return self.latest

    def _warn(self, line: str) -> None:
        self.unjudged = line

    def last_seconds(self) -> float:
        """How long the last measurement of this process took, without that of the reals; 0 where none was taken."""
        return self._seconds

    def _moved(self, trainer: Trainer) -> dict[str, float]:
        """Relative changes of weights: since the last measurement, and in the one step after it, if of this phase."""
        moved = {f"vitals/{name}_moved": change for name, change in self._changes(trainer).items()}
        if self._steps_phase == trainer.phase.name:
            moved |= self._steps
        self._note_weights(trainer)
        return moved

    def _note_weights(self, trainer: Trainer) -> None:
        """Remember the weights from which moves are measured."""
        self._before = {name: flat_weights(net) for name, net in trainer.game.players.items()}
        self._before_step, self._steps = trainer.state.step, {}

    def _changes(self, trainer: Trainer) -> dict[str, float]:
        """How far the weights of every player went since the last measurement, over their norm."""
        changes = {}
        for name, before in self._before.items():
            now = flat_weights(trainer.game.players[name])
            changes[name] = ((now - before).norm() / now.norm().clamp_min(1e-12)).item()
        return changes
