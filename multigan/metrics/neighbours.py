"""Precision, recall, density and coverage: whether fakes lie among the reals, and all reals are reached."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.errors import ShapeError
from multigan.metrics.blocks import check_pair, squared_tiles

__all__ = ["Prdc", "expected_coverage", "prdc", "squared_radii"]


@dataclass(frozen=True)
class Prdc:
    """Four shares; the first two by Kynkäänniemi et al. 2019, the others by Naeem et al. 2020.

    Attributes:
        precision: share of fakes inside at least one real's ball.
        recall: share of reals inside at least one fake's ball.
        density: mean number of reals' balls around a fake, over k: about 1 for equal distributions, not bounded by 1.
        coverage: share of reals whose ball holds a fake; see `expected_coverage`.
    """

    precision: float
    recall: float
    density: float
    coverage: float


def prdc(real: Tensor, fake: Tensor, k: int = 5) -> Prdc:
    """Precision, recall, density and coverage of `(n, d)` reals and `(m, d)` fakes.

    The ball of an item reaches to its k-th nearest other item of its own set. "Inside" is strict: nearer than the
    radius. An item that has k exact copies in its own set has an empty ball: repeated fakes lower recall, repeated
    reals lower coverage.

    Args:
        real: `(n, d)`, n > k.
        fake: `(m, d)`, m > k.
        k: neighbours.

    Raises:
        ShapeError: too few rows, unequal widths, or numbers that are not finite.

    Source: Kynkäänniemi et al. 2019 (Improved precision and recall), Eqs. 1-2; Naeem et al. 2020 (Reliable fidelity
    and diversity metrics), density and coverage. Departure: the former counts the ball's edge as inside.
    """
    if k < 1:
        raise ShapeError(f"k = {k}", "1 or more neighbours", "5 is usual")
    check_pair(real, fake, least=k + 1)
    real_radii, fake_radii = squared_radii(real, k), squared_radii(fake, k)
    around_fake = torch.zeros(len(fake), dtype=torch.int64, device=real.device)
    real_inside = torch.zeros(len(real), dtype=torch.bool, device=real.device)
    covered = torch.zeros_like(real_inside)
    for rows, columns, squared in squared_tiles(real, fake):
        in_real_balls = squared < real_radii[rows, None]
        around_fake[columns] += in_real_balls.sum(0)
        covered[rows] |= in_real_balls.any(1)
        real_inside[rows] |= (squared < fake_radii[None, columns]).any(1)
    return Prdc(
        precision=(around_fake > 0).double().mean().item(),
        recall=real_inside.double().mean().item(),
        density=around_fake.double().mean().item() / k,
        coverage=covered.double().mean().item(),
    )


def squared_radii(x: Tensor, k: int) -> Tensor:
    """Squared distance of every row of `(n, d)` to its k-th nearest other row: `(n,)` float64."""
    best = torch.full((len(x), k), torch.inf, dtype=torch.float64, device=x.device)
    for rows, columns, squared in squared_tiles(x, x, upper=True):
        if rows == columns:
            squared.fill_diagonal_(torch.inf)
        else:
            best[columns] = _smallest(best[columns], squared.T, k)
        best[rows] = _smallest(best[rows], squared, k)
    return best.max(1).values


def expected_coverage(n: int, m: int, k: int = 5) -> float:
    """Expected coverage where n reals and m fakes are of one distribution: the score of a perfect generator.

    `1 - product over i = 1..k of (n - i) / (n + m - i)`, the chance that the k nearest of a real's n - 1 + m neighbours
    are not all reals; tends to `1 - 2^-k` for n = m.

    Source: Naeem et al. 2020, expected coverage of identical distributions.
    """
    return 1 - math.prod((n - i) / (n + m - i) for i in range(1, k + 1))


def _smallest(best: Tensor, more: Tensor, k: int) -> Tensor:
    near = more.topk(min(k, more.shape[1]), dim=1, largest=False, sorted=False).values
    return torch.cat([best, near], 1).topk(k, dim=1, largest=False, sorted=False).values
