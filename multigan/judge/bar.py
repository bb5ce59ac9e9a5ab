"""What a judge's accuracy means."""

from multigan.metrics.intervals import Interval

__all__ = ["FAR", "FEWEST", "MOST", "side_of", "too_far"]

FAR = 0.75
"""Half-way between chance and certainty: who is surely above it is still far. See docs/evaluation.md for how it lies
among generators of known quality."""
FEWEST = 60
"""Samples a side below which no judge learns anything: nothing is said."""
MOST = 500
"""Samples a side: what fits into some seconds."""


def side_of(low: float, high: float) -> str:
    """Where an accuracy with the interval from `low` to `high` lies of the bar, in words."""
    return "above" if low > FAR else "below" if high < FAR else "not surely above"


def too_far(accuracy: Interval) -> bool:
    """Whether the judge tells fakes apart beyond all doubt about the bar."""
    return accuracy.low > FAR
