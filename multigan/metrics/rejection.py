"""Rejection by a density ratio with a ceiling: what share is kept, how even the weights are, and what they sum to."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

__all__ = ["Partition", "acceptance", "ceiling_for", "effective_share", "kept_log_weights", "log_partition"]

HALVINGS = 60


class Partition(NamedTuple):
    """The log of the mean weight under the plain generator, log Z, from n of its samples.

    Attributes:
        value: log of the mean; in expectation not above log Z.
        error: its standard error.
        high: an estimate that is, in expectation, not below log Z.
    """

    value: float
    error: float
    high: float


def kept_log_weights(log_ratio: Tensor, log_ceiling: float) -> Tensor:
    """Log of min(ratio, ceiling) / ceiling: the log of the chance of being kept, at most 0; shape as given."""
    return (log_ratio - log_ceiling).clamp_max(0)


def acceptance(log_ratio: Tensor, log_ceiling: float) -> float:
    """The share of the plain generator's samples that are kept, by log ratios `(n,)` of some of them."""
    return float(kept_log_weights(log_ratio.double(), log_ceiling).exp().mean())


def ceiling_for(log_ratio: Tensor, wanted: float) -> float:
    """The log ceiling at which a share `wanted` of samples is kept.

    A sample is kept with probability min(ratio, ceiling) / ceiling. At a ceiling above all ratios that is rejection
    sampling from the critic's density; the lower it is, the nearer to the plain generator, which share 1 gives. Among
    all ways to keep that share, this one leaves the smallest f-divergence to the data, for every f.

    Args:
        log_ratio: calibrated log ratios `(n,)` of the plain generator's samples.
        wanted: in (0, 1]; where the largest ratio already keeps more, that one is the ceiling.

    Source: Azadi et al. 2019 (discriminator rejection sampling), which makes rejection by D cheaper by its gamma;
    Verine et al. 2024 (optimal budgeted rejection sampling), the ceiling and why it is the best.
    Departures: the ceiling in place of gamma, which bends all ratios to raise the share that is kept.
    """
    found = log_ratio.double()
    high = float(found.max())
    if acceptance(found, high) >= wanted:
        return high
    low = float(found.min())  # keeps all
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if acceptance(found, middle) > wanted else (low, middle)
    return (low + high) / 2


def effective_share(log_weight: Tensor) -> float:
    """(sum w)² / (n sum w²): the share of n weighted samples that count, 1 for equal weights (Kong 1992)."""
    w = (log_weight.double() - log_weight.double().max()).exp()
    return float(w.sum() ** 2 / (len(w) * (w**2).sum()))


def log_partition(log_weight: Tensor) -> Partition:
    """log Z of weights on the plain generator's samples, with its error and from both sides.

    Args:
        log_weight: `(n,)`, n of 2 or more.

    Source: Deng et al. 2020 (residual energy-based models), Theorem 2: T_n from below, and from above
    (2 n - 1) T_n - 2 (n - 1) T_{n-1}, where T_{n-1} is the mean over samples that are left out in turn.
    The error is that of the delta method.
    """
    x = log_weight.double()
    n, top = len(x), x.max()
    w = (x - top).exp()
    mean = w.mean()
    value = float(top + mean.log())
    error = float(w.std() / n**0.5 / mean)
    without = ((w.sum() - w) / (n - 1)).clamp_min(torch.finfo(torch.float64).tiny).log().mean() + top
    high = (2 * n - 1) * value - 2 * (n - 1) * float(without)
    return Partition(value, error, high if math.isfinite(high) else math.inf)
