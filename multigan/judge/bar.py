"""What a judge's accuracy means."""

from multigan.metrics.intervals import Interval

__all__ = ["CHANCE", "FAR", "FEWEST", "MOST", "UNDECIDED", "side_of", "too_far", "undecided"]

FAR = 0.75
"""Half-way between chance and certainty: who is surely above it is still far. See docs/evaluation.md for how it lies
among generators of known quality."""
CHANCE = 0.5
"""What knows nothing calls rightly of two sides of one size."""
UNDECIDED = "undecided"
"""The verdict of fakes that are told too often, but not surely so: of training and of an evaluation alike."""
FEWEST = 60
"""Samples a side below which no judge learns anything: nothing is said."""
MOST = 500
"""Samples a side, at the end of a run and in an evaluation: what fits into some seconds."""


def side_of(low: float, high: float, items: int | None = None) -> str:
    """Where an accuracy with the interval from `low` to `high` lies of the bar, in words, and what would settle it.

    Args:
        low: end of the interval.
        high: likewise.
        items: judged of each side; None = not known.
    """
    if low > FAR or high < FAR:
        return f"{'above' if low > FAR else 'below'} the bar of {FAR:.0%}"
    near = f"near the bar of {FAR:.0%}, which lies in the interval"
    if items is None:
        return near
    if items < MOST:
        return f"{near}: more items would settle it ({items:,} a side were judged; of larger data up to {MOST} are)"
    return f"{near}: {items:,} a side do not settle it, so look at the samples"


def undecided(accuracy: float, low: float) -> bool:
    """Whether fakes are told apart more often than the bar allows, which is not sure: neither still far nor healthy.

    Where the bar lies in the interval and the share below it, nothing speaks against the fakes.

    Args:
        accuracy: share that the judge called rightly.
        low: end of its interval.
    """
    return low <= FAR < accuracy


def too_far(accuracy: Interval) -> bool:
    """Whether the judge tells fakes apart beyond all doubt about the bar."""
    return accuracy.low > FAR
