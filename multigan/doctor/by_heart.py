"""When more time brings nothing but copies: the rule that ends a run before its minutes are over; see docs/time.md."""

from multigan.core.counted import counted
from multigan.doctor.history import History
from multigan.doctor.signs import REMEMBERED

__all__ = ["IN_A_ROW", "only_rises"]

IN_A_ROW = 5
"""Measurements after the best that are all worse: one or two may be a stumble."""


def only_rises(history: History, since: int = 0) -> str:
    """Why a run had better end now, or "".

    D prefers trained items to held-out ones in at least three of four pairs, and the last five measurements all lie
    farther from held-out items than the nearest one did, by more than twice the deviation of their floor.

    Args:
        history: of a run in its last phase.
        since: real samples seen when somebody last asked for more; the five come after them.
    """
    memory, best = history.recent("D_memory"), history.best()
    if not history.last("heldout_items") or best is None or memory is None or memory < REMEMBERED:
        return ""
    after = [row for row in history.phase if "vitals/distance" in row and row["samples"] > max(since, best[1])]
    bound = best[0] + 2 * (history.last("distance_floor_deviation") or 0.0)
    if len(after) < IN_A_ROW or min(row["vitals/distance"] for row in after[-IN_A_ROW:]) <= bound:
        return ""
    return (
        f"held-out items were nearest after {counted(best[1], 'sample')}, farther in the last {IN_A_ROW} measurements, "
        f"and D knows trained ones by heart ({memory:.0%} of pairs)"
    )
