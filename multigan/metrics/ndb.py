"""Number of statistically different bins: which kinds of reals come too often or too seldom among fakes."""

from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.blocks import check_pair
from multigan.metrics.intervals import normal_quantile
from multigan.metrics.kmeans import assign, kmeans

__all__ = ["Ndb", "ndb", "two_proportions"]


@dataclass(frozen=True)
class Ndb:
    """Shares of reals and fakes per bin, and how many differ by more than chance.

    Attributes:
        different: bins whose shares differ at the given significance.
        bins: of all.
        share: different / bins; about the significance, .05, for equal distributions.
        jsd: Jensen-Shannon divergence of the two histograms, nats, in [0, log 2].
        real_shares: `(bins,)`.
        fake_shares: `(bins,)`.
        z: `(bins,)`, positive where fakes are too many.
    """

    different: int
    bins: int
    share: float
    jsd: float
    real_shares: Tensor
    fake_shares: Tensor
    z: Tensor


def ndb(real: Tensor, fake: Tensor, bins: int, draw: Draw, *, significance: float = 0.05) -> Ndb:
    """Bin `(n, d)` reals by k-means, put `(m, d)` fakes in the nearest bins, and test each bin's two proportions.

    Args:
        real: `(n, d)`; the bins are theirs.
        fake: `(m, d)`.
        bins: 100 in the paper; a bin should hold ten or more of either set for the test to hold.
        draw: of the k-means seeds.
        significance: two-sided, of each bin's test.

    Raises:
        ShapeError: fewer reals than bins, unequal widths, or numbers that are not finite.

    Source: Richardson & Weiss 2018 (On GANs and GMMs), NDB; the divergence is of their published code.
    """
    check_pair(real, fake)
    if not 1 <= bins <= len(real):
        raise ShapeError(
            f"{counted(bins, 'bin')} for {counted(len(real), 'real')}", "1 to as many as reals", "100 is usual"
        )
    centres = kmeans(real, bins, draw)
    counts = [torch.bincount(assign(x, centres), minlength=bins).double() for x in (real, fake)]
    z = two_proportions(counts[1], len(fake), counts[0], len(real))
    different = int((z.abs() > normal_quantile(1 - significance)).sum())
    p, q = counts[0] / len(real), counts[1] / len(fake)
    return Ndb(different, bins, different / bins, _jensen_shannon(p, q), p, q, z)


def two_proportions(a: Tensor, n: int, b: Tensor, m: int) -> Tensor:
    """z of `a` of n against `b` of m, elementwise, under one pooled proportion; 0 where that is 0 or 1."""
    pooled = (a + b) / (n + m)
    error = (pooled * (1 - pooled) * (1 / n + 1 / m)).sqrt()
    return torch.where(error > 0, (a / n - b / m) / error.where(error > 0, 1.0), 0.0)


def _jensen_shannon(p: Tensor, q: Tensor) -> float:
    middle = (p + q) / 2
    divergence = sum((torch.xlogy(r, r) - torch.xlogy(r, middle)).sum() for r in (p, q))
    return max(0.0, float(divergence) / 2)
