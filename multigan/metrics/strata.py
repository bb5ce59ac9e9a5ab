"""Rejection that keeps the shares of coarse cells: a ceiling cuts most of what is hard to make; this gives it back."""

from typing import NamedTuple

import torch
from torch import Tensor

from multigan.metrics.rejection import HALVINGS, kept_log_weights

__all__ = ["Balance", "balance", "log_factors", "merged"]

MOST = 4.0
"""Of a factor between cells: beyond it, some of a cell's samples would pass that the critic wants least."""
ALIKE = 0.7
"""Log of about 2, by which shares of reals and of plain samples may differ in a cell."""


class Balance(NamedTuple):
    """What passes: the chance of a sample is min(ratio, ceiling) / ceiling times the factor of its cell.

    Attributes:
        log_ceiling: of ratios.
        log_factors: of each cell `(k,)`, at most 0.
    """

    log_ceiling: float
    log_factors: Tensor

    def log_weights(self, log_ratio: Tensor, cell: Tensor) -> Tensor:
        """Log chances `(n,)` of samples, by log ratio and number of cell."""
        return kept_log_weights(log_ratio, self.log_ceiling) + self.log_factors[cell]


def merged(centres: Tensor, real: Tensor, plain: Tensor) -> Tensor:
    """Which cells are one: int64 `(k,)` of the cells' new numbers, from 0 on.

    The cell whose shares differ most is joined to the nearest one until all differ by no more than a factor of two:
    what the generator hardly makes at all, such as the edge of a mode that shrank, cannot be given back by letting more
    pass, only its neighbourhood can.

    Args:
        centres: of cells, `(k, d)`.
        real: shares of reals in them, `(k,)`.
        plain: shares of the plain generator's samples.
    """
    groups = torch.arange(len(centres))
    apart = torch.cdist(centres.double(), centres.double())
    while int(groups.max()) > 0:
        sums = [torch.zeros(int(groups.max()) + 1).double().index_add_(0, groups, x.double()) for x in (real, plain)]
        off = (sums[0].clamp_min(1e-9) / sums[1].clamp_min(1e-9)).log().abs()
        worst = int(off.argmax())
        if float(off[worst]) <= ALIKE:
            break
        mine = groups == worst
        near = apart[mine][:, ~mine].amin(0).argmin()
        groups[mine] = groups[~mine][near]
        groups = groups.unique(return_inverse=True)[1]
    return groups


def log_factors(log_weight: Tensor, cell: Tensor, shares: Tensor) -> Tensor:
    """Log of what makes cells pass in given shares, the largest being 0; factors lie within 4 times each other.

    Args:
        log_weight: of the plain generator's samples `(n,)`.
        cell: of each, int64 `(n,)`.
        shares: of reals, `(k,)`, which sum to 1.

    Source: post-stratification (Holt & Smith 1979) of what rejection leaves.
    """
    passed = torch.zeros(len(shares), dtype=torch.float64).index_add_(0, cell, log_weight.double().exp())
    wanted = shares.double() / (passed / passed.sum()).clamp_min(1e-12)
    middle = wanted.log()[passed > 0].quantile(0.5) if bool((passed > 0).any()) else torch.zeros(())
    half = torch.tensor(MOST).sqrt().log().item()
    found: Tensor = wanted.log().sub(middle).clamp(-half, half)
    return found - found.max()


def balance(log_ratio: Tensor, cell: Tensor, shares: Tensor, wanted: float) -> Balance:
    """The ceiling at which a share `wanted` passes, factors of cells included; the largest ratio where that is lower.

    Args:
        log_ratio: calibrated, of the plain generator's samples `(n,)`.
        cell: of each, int64 `(n,)`.
        shares: of reals in the cells, `(k,)`.
        wanted: share of samples to pass, in (0, 1]; 1 is the plain generator, without factors.
    """
    ratios = log_ratio.double()
    low, high = float(ratios.min()), float(ratios.max())
    if wanted >= 1:
        return Balance(low, torch.zeros(len(shares), dtype=torch.float64))

    def at(ceiling: float) -> tuple[Balance, float]:
        found = Balance(ceiling, log_factors(kept_log_weights(ratios, ceiling), cell, shares))
        return found, float(found.log_weights(ratios, cell).exp().mean())

    best, share = at(high)
    if share >= wanted:
        return best
    for _ in range(HALVINGS // 2):
        middle = (low + high) / 2
        best, share = at(middle)
        low, high = (middle, high) if share > wanted else (low, middle)
    return best
