"""When more time brings nothing but copies: the rules that end a run, or its likelihood, early; see docs/time.md."""

from multigan.core.counted import counted
from multigan.doctor.history import UNSEEN, History
from multigan.doctor.scarcity import REMEMBERED

__all__ = ["IN_A_ROW", "only_rises", "stopped_falling"]

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


def stopped_falling(history: History, patience: int) -> str:
    """Why a phase of likelihood had better end now, or "".

    Held-out items were likeliest so many measurements ago: since then G learns trained ones by heart. The same items
    are measured each time, so that most of the noise of so few is in all of them.

    Args:
        history: of a run in that phase.
        patience: measurements in a row after the best of the phase, none of them better.
    """
    rows = [row for row in history.phase if UNSEEN in row and row["step"] > 0]
    best = min(rows, key=lambda row: row[UNSEEN], default=None)
    if best is None or len(rows) - 1 - rows.index(best) < patience:
        return ""
    return (
        f"held-out items were likeliest after {counted(best['samples'], 'sample')} ({best[UNSEEN]:.3f} nats a part, "
        f"now {rows[-1][UNSEEN]:.3f})"
    )
