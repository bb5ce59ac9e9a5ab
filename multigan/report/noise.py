"""Whether a difference between two groups of runs is more than noise."""

import math
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["LEVEL", "holm", "mean_deviation", "welch_p"]

LEVEL = 0.05


class Mean(NamedTuple):
    """Mean and standard deviation (n - 1; NaN for one value)."""

    mean: float
    deviation: float


def mean_deviation(values: Sequence[float]) -> Mean:
    """Mean and sample deviation of at least one value."""
    mean = math.fsum(values) / len(values)
    if len(values) < 2:
        return Mean(mean, math.nan)
    return Mean(mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)))


def welch_p(one: Sequence[float], other: Sequence[float]) -> float:
    """Two-sided p of equal means under unequal variances; NaN with fewer than two values or no spread at all.

    `t = (m1 - m2) / sqrt(v1/n1 + v2/n2)` with the Welch-Satterthwaite degrees of freedom. Source: Welch 1947.
    """
    if min(len(one), len(other)) < 2:
        return math.nan
    (m1, s1), (m2, s2) = mean_deviation(one), mean_deviation(other)
    a, b = s1**2 / len(one), s2**2 / len(other)
    if not a + b > 0:
        return math.nan
    from scipy.stats import t as student

    freedom = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1))
    return float(2 * student.sf(abs(m1 - m2) / math.sqrt(a + b), freedom))


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for their number, in the same order; NaN is no test and stays. Source: Holm 1979."""
    order = sorted((number for number, p in enumerate(p_values) if not math.isnan(p)), key=lambda n: p_values[n])
    corrected, highest = list(p_values), 0.0
    for rank, number in enumerate(order):
        highest = max(highest, min(1.0, p_values[number] * (len(order) - rank)))
        corrected[number] = highest
    return corrected
