"""The Vendi score: the effective number of different items in a set."""

import math
from typing import Literal

import torch
from torch import Tensor

from multigan.core.errors import ShapeError
from multigan.metrics.blocks import check_features, row_blocks
from multigan.metrics.kernel_distance import Kernel, RadialBasis, median_bandwidth

__all__ = ["effective_number", "vendi_score"]

LARGEST = 10_000


def vendi_score(
    x: Tensor,
    kernel: Literal["cosine", "gaussian"] | Kernel = "cosine",
    *,
    order: float = 1.0,
    bandwidth: float | None = None,
) -> float:
    """`exp(H(eigenvalues of K / n))`: between 1 (all alike) and n (all unlike) different items.

    Args:
        x: `(n, d)` features.
        kernel: similarity of two items, 1 of an item with itself. `cosine`: `x.y / (|x| |y|)`, from the d × d matrix
            where n > d, so that any number of rows fits; rows of zeros are like each other and like nothing else.
            `gaussian`: `exp(-|x - y|^2 / (2 bandwidth^2))`, up to 10 000 rows, as for a kernel of one's own.
        order: of the Rényi entropy H; 1 is Shannon's, infinity looks at the largest eigenvalue alone, orders below 1
            weigh rare items more.
        bandwidth: of the Gaussian; by default the median distance between rows. To compare two sets give both the
            same.

    Raises:
        ShapeError: no rows, numbers that are not finite, a negative order, or more than 10 000 rows for any kernel
            but `cosine`.

    Source: Friedman & Dieng 2023 (The Vendi Score), Definition 3.1 and section 3.3 (the d × d matrix);
    orders: Pasarkar & Dieng 2024 (Cousins of the Vendi Score).
    """
    check_features(x, "features", least=1)
    if order < 0:
        raise ShapeError(f"order {order}", "0 or more", "1 is the plain Vendi score")
    if kernel == "cosine":
        return effective_number(_cosine_eigenvalues(x), order)
    if len(x) > LARGEST:
        raise ShapeError(f"{len(x)} rows", f"at most {LARGEST} for any kernel but the cosine", "give a random subset")
    if len(x) == 1:
        return 1.0
    rows = x.double()
    rows = rows - rows.mean(0)
    if kernel == "gaussian":
        kernel = RadialBasis(median_bandwidth(x) if bandwidth is None else bandwidth)
    return effective_number(torch.linalg.eigvalsh(kernel(rows, rows) / len(x)), order)


def effective_number(shares: Tensor, order: float = 1.0) -> float:
    """`exp` of the Rényi entropy of order q of shares `(n,)` that sum to 1: Hill's number.

    Shares below 1e-15 are rounding and count as 0.

    Source: Hill 1973 (Diversity and evenness), the number N_a.
    """
    kept = shares.double()[shares > 1e-15]
    if order == 1:
        return math.exp(-float(torch.xlogy(kept, kept).sum()))
    if math.isinf(order):
        return 1 / float(kept.max())
    return float(kept.pow(order).sum().pow(1 / (1 - order)))


def _cosine_eigenvalues(x: Tensor) -> Tensor:
    n, d = x.shape
    empty = 0
    square = torch.zeros(d, d, dtype=torch.float64, device=x.device)
    rows = []
    for block in row_blocks(x):
        norms = block.norm(dim=1)
        empty += int((norms == 0).sum())
        unit = block / norms.where(norms > 0, 1.0)[:, None]
        if n > d:
            square.addmm_(unit.T, unit)
        else:
            rows.append(unit)
    if n <= d:
        whole = torch.cat(rows)
        square = whole @ whole.T
    extra = torch.tensor([float(empty)], dtype=torch.float64, device=x.device)
    return torch.cat([torch.linalg.eigvalsh(square), extra]) / n
