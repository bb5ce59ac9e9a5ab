"""Learning-rate schedules as functions of the progress of a phase."""

import math
from collections.abc import Callable, Mapping

__all__ = ["SCHEDULES", "learning_rate_factor"]


def _constant(progress: float) -> float:
    return 0.0


def _linear(progress: float) -> float:
    return progress


def _cosine(progress: float) -> float:
    return (1 - math.cos(math.pi * progress)) / 2


SCHEDULES: Mapping[str, Callable[[float], float]] = {"constant": _constant, "cosine": _cosine, "linear": _linear}
"""How much of the way from the first to the last learning rate is done, by name."""


def learning_rate_factor(name: str, progress: float, final_fraction: float) -> float:
    """The factor on the base learning rate.

    `factor = 1 - (1 - final_fraction) * done(progress)` with done = 0 (constant), p (linear) or
    (1 - cos(pi p)) / 2 (cosine; Loshchilov & Hutter 2017, Eq. 5, one cycle).

    Args:
        name: `"constant"`, `"linear"` or `"cosine"`.
        progress: 0 at the first step of the phase, 1 at its last.
        final_fraction: factor at progress 1 (ignored by `"constant"`).

    Returns:
        A factor in [final_fraction, 1].
    """
    return 1 - (1 - final_fraction) * SCHEDULES[name](min(max(progress, 0.0), 1.0))
