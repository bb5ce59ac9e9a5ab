"""The handler that writes checkpoints while training and when it ends."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from torch import Tensor

from multigan.engine.agreement import all_or_none
from multigan.engine.checkpoint import list_checkpoints, remove_checkpoint, save_checkpoint
from multigan.engine.trainer import Quiet, Trainer
from multigan.run.cadence import Cadence

__all__ = ["Saver"]


class Saver(Quiet):
    """Saves evenly over the run, and at its end or interruption. Only the first process writes.

    Args:
        folder: where checkpoints go.
        fingerprint: identifies the recipe.
        times: checkpoints in a whole run.
        also: called after each save, for what should be as fresh as the checkpoint (the generator folder).

    Attributes:
        seconds: that the last checkpoint took, without `also`.
    """

    def __init__(
        self, folder: Path, fingerprint: str, times: int = 10, also: Callable[[Trainer], None] | None = None
    ) -> None:
        self.folder, self.fingerprint, self.also = folder, fingerprint, also
        self.cadence = Cadence(times)
        self.saved_step, self.seconds = -1, 0.0

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Save when due."""
        if self.cadence.due(trainer):
            self.save(trainer)

    def ended(self, trainer: Trainer) -> None:
        """Save where the run stands."""
        if trainer.state.step != self.saved_step:
            self.save(trainer)

    def rewound(self, trainer: Trainer) -> None:
        """Drop checkpoints of steps that are trained again, so that a resume does not find them."""
        if trainer.world.is_first:
            for checkpoint in list_checkpoints(self.folder):
                if int(checkpoint.name.removeprefix("step-")) > trainer.state.step:
                    remove_checkpoint(checkpoint)
        self.save(trainer)

    def save(self, trainer: Trainer) -> None:
        """Write a checkpoint now; all processes wait until it is there.

        Raises:
            DivergedError: on all of them, where a parameter is not finite.
        """
        self.saved_step = trainer.state.step
        with all_or_none(trainer.world):
            if trainer.world.is_first:
                began = time.perf_counter()
                save_checkpoint(trainer, self.folder, self.fingerprint)
                self.seconds = time.perf_counter() - began
                if self.also is not None:
                    self.also(trainer)
