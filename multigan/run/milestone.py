"""The handler that acts when a phase has spent its budget."""

from collections.abc import Callable, Mapping

from torch import Tensor

from multigan.engine.phases import Phase
from multigan.engine.trainer import Quiet, Trainer

__all__ = ["PhaseEnd"]


class PhaseEnd(Quiet):
    """Does something at the end of some phases, on the first process only.

    Put it before the `Saver`: then every checkpoint from the phase's end on was written after the action, and a run
    that is killed between the two ends the phase again when it is resumed.

    Args:
        wanted: which phases.
        action: what to do; gets the trainer, whose state is already that of the next phase.
    """

    def __init__(self, wanted: Callable[[Phase], bool], action: Callable[[Trainer], object]) -> None:
        self.wanted, self.action = wanted, action

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Act where the iteration just counted was a wanted phase's last."""
        if trainer.state.phase_step == 0 and trainer.world.is_first and self.wanted(_just_ended(trainer)):
            self.action(trainer)


def _just_ended(trainer: Trainer) -> Phase:
    return trainer.phases[trainer.state.phase - 1]
