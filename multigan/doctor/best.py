"""The handler that keeps the averaged G that came nearest to held-out items."""

from collections.abc import Callable, Mapping

from torch import Tensor

from multigan.core.counted import counted
from multigan.doctor.history import History
from multigan.doctor.vitals import Vitals
from multigan.engine.trainer import Quiet, Trainer
from multigan.run.ledger import Ledger

__all__ = ["Best"]


class Best(Quiet):
    """Keeps a copy whenever the distance is the lowest so far; the ledger is its memory, so resumes agree.

    The lowest of many noisy distances is a little too low; the latents and items are the same at every measurement, so
    most of the noise is too. That held-out items are few remains: where a run ends above the lowest by no more than n
    of them can tell (1/n of the way from reals to one item repeated), its last G is kept, which has learnt for longest.
    A game that says `keeps_last` has no use for any of it: what descends a fixed loss on a schedule is best at its end,
    and distances between sets say little of outputs that have a target each.

    Args:
        ledger: the run's metrics file.
        vitals: whose distances these are.
        keep: writes the copy; gets the trainer.
        since: samples seen when the data was changed last: distances to other items are no measure of these.
    """

    def __init__(
        self, ledger: Ledger, vitals: Vitals, keep: Callable[[Trainer], object], since: int | None = None
    ) -> None:
        self.ledger, self.vitals, self.keep, self.since = ledger, vitals, keep, -1 if since is None else since
        self._last_is_best = False

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Keep this one if it is the best."""
        self._last_is_best = getattr(trainer.game, "keeps_last", False)
        if self._last_is_best:
            return
        distance = self.vitals.latest.get("vitals/distance")
        if distance is None or not trainer.world.is_first:
            return
        best = self._history(before=trainer.state.step).best()
        over = trainer.finished or trainer.stopping
        if best is None or distance < best[0] or (over and self._history().ends_level()):
            self.keep(trainer)

    def summary(self) -> str | None:
        """One line for people: the best beside the last."""
        history = self._history()
        best, last, floor = history.best(), history.last("distance"), history.last("distance_floor")
        if self._last_is_best or history.reals_same or best is None or last is None or floor is None:
            return None
        to = "held-out" if history.last("heldout_items") else "trained"
        if last > best[0] and history.ends_level():
            return (
                f"best: the last one, distance {last:.3g} to {to} items (floor {floor:.2g}); {best[0]:.3g} at "
                f"{counted(best[1], 'sample')} is no nearer, as far as so few items can tell"
            )
        if last <= best[0]:
            return f"best: the last one, distance {last:.3g} to {to} items (floor {floor:.2g})"
        return (
            f"best at {counted(best[1], 'sample')}: distance {best[0]:.3g} to {to} items "
            f"(floor {floor:.2g}); last: {last:.3g}"
        )

    def _history(self, before: int | None = None) -> History:
        rows = [row for row in self.ledger.rows if row.get("samples", 0) > self.since]
        return History([row for row in rows if before is None or row["step"] < before])
