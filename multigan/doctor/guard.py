"""The handler that acts when a run falls ill: stop it, or go back to when it was well with a smaller step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import Tensor

from multigan.core.atomic import mirror_folder
from multigan.core.counted import counted
from multigan.core.errors import DivergedError
from multigan.doctor.checkup import Checkup
from multigan.doctor.doctor import SICK
from multigan.doctor.vitals import Vitals
from multigan.engine.agreement import all_or_none
from multigan.engine.checkpoint import list_checkpoints, load_checkpoint, save_checkpoint
from multigan.engine.trainer import Quiet, Trainer

__all__ = ["Guard", "GuardSettings"]


@dataclass(frozen=True)
class GuardSettings:
    """What a recipe's `[guard]` says.

    Args:
        action: `"stop"`, `"rollback"` or `"none"`.
        on: what is acted on: `"nan"`, or verdicts. NaN ends a run in any case where it is not rolled back.
        times: rollbacks at most; then the run stops.
        lr_factor: on all learning rates, at every rollback.
    """

    action: Literal["stop", "rollback", "none"] = "stop"
    on: tuple[str, ...] = ("nan",)
    times: int = 3
    lr_factor: float = 0.5


class Guard(Quiet):
    """Watches the verdict. What it changes (`state.rollbacks`, `state.lr_factor`) is in every checkpoint.

    With `rollback` it keeps one checkpoint of its own from the last measurement that was well, since the newest
    checkpoint of an ill run is an ill one. Batches and draws of the steps trained again are the same as before; the
    learning rate is not. What was the best generator at that measurement is the best again.

    All processes go back together or none does: verdicts are the first's, and only errors that all raised at the same
    step are cured.

    Args:
        settings: what to do.
        folder: where its own checkpoint goes.
        fingerprint: identifies the recipe.
        checkup: whose verdicts count; listens before this one.
        vitals: tells when there is a new verdict.
        say: gets lines for people.
        best: the folder of the best generator, which goes back too; listens before this one.
    """

    def __init__(
        self,
        settings: GuardSettings,
        folder: Path,
        fingerprint: str,
        checkup: Checkup,
        vitals: Vitals,
        say: Callable[[Sequence[str]], object],
        best: Path | None = None,
    ) -> None:
        self.settings, self.folder, self.fingerprint = settings, folder, fingerprint
        self.checkup, self.vitals, self.say, self.best = checkup, vitals, say, best

    def started(self, trainer: Trainer) -> None:
        """Keep the start, so that there is something to go back to."""
        if self.settings.action == "rollback" and self._kept(trainer) is None:
            self._keep(trainer)

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Act on a new verdict; all processes must agree, the first one knows."""
        if self.settings.action == "none" or not self.vitals.due(trainer):
            return
        verdict = self.checkup.verdict
        ill = trainer.world.any(verdict is not None and verdict.name in self.settings.on)
        if not ill:
            sick = trainer.world.any(verdict is not None and verdict.name in SICK)
            if self.settings.action == "rollback" and not sick and not trainer.finished:
                self._keep(trainer)
        elif not trainer.finished and not self._go_back(trainer):
            trainer.stopping = True

    def failed(self, trainer: Trainer, error: BaseException) -> bool:
        """Go back after NaN, where the recipe says so."""
        if "nan" not in self.settings.on or not isinstance(error, DivergedError):
            return False
        return (trainer.world.size == 1 or error.everywhere) and self._go_back(trainer)

    def _keep(self, trainer: Trainer) -> None:
        with all_or_none(trainer.world):
            if trainer.world.is_first:
                save_checkpoint(trainer, self.folder, self.fingerprint, keep=1)
                # After the checkpoint: a kill between the two leaves a best that is too old, never one of the future.
                self._copy_best(back=False)

    def _kept(self, trainer: Trainer) -> Path | None:
        """What the first process finds in the folder: another machine may not see a new name at once."""
        names = [path.name for path in list_checkpoints(self.folder)] if trainer.world.is_first else []
        name = trainer.world.first_words(names[-1] if names else "")[1]
        return self.folder / name if name else None

    def _copy_best(self, *, back: bool) -> None:
        if self.best is not None:
            copy = self.folder / self.best.name
            mirror_folder(*((copy, self.best) if back else (self.best, copy)))

    def _go_back(self, trainer: Trainer) -> bool:
        """Restore the last checkpoint that was well, slower. False = not allowed, or not possible."""
        rollbacks, factor = trainer.state.rollbacks, trainer.state.lr_factor
        if self.settings.action != "rollback" or rollbacks >= self.settings.times:
            return False
        kept = self._kept(trainer)
        if kept is None:
            return False
        load_checkpoint(trainer, kept, self.fingerprint)
        trainer.world.barrier()  # all have read it before the first writes it anew
        if trainer.world.is_first:
            self._copy_best(back=True)
        trainer.state.rollbacks, trainer.state.lr_factor = rollbacks + 1, factor * self.settings.lr_factor
        self._keep(trainer)
        for handler in trainer.handlers:
            handler.rewound(trainer)
        where = f"back at {counted(trainer.state.samples, 'sample')}, learning rates times {trainer.state.lr_factor:g}"
        self.say([f"rollback {rollbacks + 1} of {self.settings.times}: {where} from here"])
        return True
