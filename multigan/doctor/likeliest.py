"""The handler that ends a phase of likelihood when held-out items grow no likelier, and puts back what was best."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from torch import Tensor

from multigan.core.atomic import staged, writing
from multigan.core.counted import counted
from multigan.core.tensor_file import load_tensors, write_tensors
from multigan.doctor.by_heart import stopped_falling
from multigan.doctor.history import UNSEEN, History
from multigan.doctor.vitals import Vitals
from multigan.engine.stretching import end_phase
from multigan.engine.trainer import Quiet, Trainer
from multigan.run.ledger import Ledger

__all__ = ["FILE", "Likeliest"]

FILE = "likeliest.safetensors"


class Likeliest(Quiet):
    """Early stopping of phases before the last one, by what vitals measure of held-out items.

    The averaged G is kept in a file whenever held-out items are likelier than ever in the phase. At its end, early or
    not, that is put back where the newest measurement is worse. What comes after begins with the averaged G, which is
    what was measured: G itself is behind it by the noise of its last steps. Decisions are functions of the metrics
    file, and the file of weights is written at measurements alone, so that a run that is killed and resumed does the
    same again.

    Listens after the metrics file and before whoever writes at a phase's end.

    Args:
        patience: by name of a phase, measurements in a row that may bring nothing.
        folder: the run directory.
        ledger: the run's metrics file.
        vitals: whose measurements these are.
        say: gets a line for people.
        ended: gets the trainer and a line when a phase has ended early.
    """

    def __init__(
        self,
        patience: Mapping[str, int],
        folder: Path,
        ledger: Ledger,
        vitals: Vitals,
        say: Callable[[str], object],
        ended: Callable[[Trainer, str], object],
    ) -> None:
        self.patience, self.path = dict(patience), folder / FILE
        self.ledger, self.vitals, self.say, self.ended_early = ledger, vitals, say, ended

    def started(self, trainer: Trainer) -> None:
        """Say so where nothing can be told of held-out items: phases are as long as they are then."""
        if not (self._patience(trainer) and trainer.world.is_first):
            return
        rows = History(self.ledger.rows).vitals
        if rows and not any(UNSEEN in row for row in rows):
            self.say(
                f"{trainer.phase.name} ends after its {counted(trainer.phase.samples, 'sample')} and no earlier:"
                " how likely held-out items are was not measured"
            )

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Keep, end, or begin what follows."""
        if trainer.state.phase_step == 0:
            self._begin(trainer)
        elif self._patience(trainer) and self.vitals.due(trainer):
            self._look(trainer)

    def _patience(self, trainer: Trainer) -> int:
        return 0 if trainer.finished else self.patience.get(trainer.phase.name, 0)

    def _look(self, trainer: Trainer) -> None:
        """What the first process finds holds for all."""
        why = ""
        if trainer.world.is_first and UNSEEN in self.vitals.latest:
            history = History(self.ledger.rows)
            if _newest_is_best(history.phase):
                self._keep(trainer)
            why = stopped_falling(history, self._patience(trainer))
        why = trainer.world.first_words(why)[1]
        if why:
            name, begun = trainer.phase.name, counted(trainer.state.samples, "sample")
            end_phase(trainer)
            self.ended_early(trainer, f"{name} ends early, after {begun}: {why}; what follows begins with G of then")

    def _keep(self, trainer: Trainer) -> None:
        tensors = {name: value.detach().cpu().contiguous() for name, value in trainer.ema.net.state_dict().items()}
        with writing(self.path), staged(self.path) as partial:
            write_tensors(tensors, partial)

    def _begin(self, trainer: Trainer) -> None:
        """The phase after one with patience."""
        before, now = trainer.phases[trainer.state.phase - 1].name, trainer.state.step
        if not self.patience.get(before, 0):
            return
        rows = self.ledger.rows if trainer.world.is_first else ()
        back = not _newest_is_best([row for row in rows if row.get("phase") == before or row["step"] == now])
        if trainer.world.first_words("back" if back and self.path.is_file() else "")[1]:
            try:
                trainer.ema.net.load_state_dict(load_tensors(self.path))
            except (SafetensorError, RuntimeError, OSError) as error:
                self.say(f"{self.path.name} cannot be read, so what follows begins with the last weights: {error}")
        trainer.game.players[trainer.game.kept[0]].load_state_dict(trainer.ema.net.state_dict())


def _newest_is_best(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether none of these measurements found held-out items likelier than the newest; also where none was taken."""
    found = [row[UNSEEN] for row in rows if UNSEEN in row and row["step"] > 0]
    return not found or found[-1] <= min(found)
