"""When something that happens N times in a run is due."""

from collections.abc import Callable, Mapping

from torch import Tensor

from multigan.engine.trainer import Quiet, Trainer

__all__ = ["Cadence", "Sometimes"]


class Cadence:
    """Spreads `times` occasions evenly over the run's samples; the state counters decide, so resumes keep the rhythm.

    Args:
        times: occasions in the whole run; 0 = never.
    """

    def __init__(self, times: int) -> None:
        self.times = times

    def due(self, trainer: Trainer) -> bool:
        """Whether the iteration just counted crossed an occasion."""
        if self.times == 0:
            return False
        now, step = trainer.state.samples, trainer.phase.step_samples(trainer.batches.batch)
        return self._passed(trainer, now) > self._passed(trainer, now - step)

    def _passed(self, trainer: Trainer, samples: int) -> int:
        """Occasions until so many samples: evenly over what is left, where lengths were changed on the way."""
        change = trainer.state.stretch
        if change is not None and change.samples:
            return int(self.times * change.share_at(samples))
        return samples * self.times // sum(phase.samples for phase in trainer.phases)


class Sometimes(Quiet):
    """A handler that does something now and then, on the first process only.

    Args:
        times: occasions in the whole run.
        action: what to do; gets the trainer.
        at_start: whether to do it once more before the first iteration of a new run.
    """

    def __init__(self, times: int, action: Callable[[Trainer], object], *, at_start: bool = False) -> None:
        self.cadence, self.action, self.at_start = Cadence(times), action, at_start

    def started(self, trainer: Trainer) -> None:
        """Act on the untrained nets, so that a first result is there within seconds."""
        if self.at_start and trainer.state.step == 0 and trainer.world.is_first:
            self.action(trainer)

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Act when due."""
        if trainer.world.is_first and self.cadence.due(trainer):
            self.action(trainer)
