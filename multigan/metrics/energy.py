"""Distances between two sets of feature vectors, and how spread a set is: pure functions in float64."""

import torch
from torch import Tensor

__all__ = ["kernel", "mean_distance", "median_distance", "mmd", "nearest", "outranks", "vendi"]

SCALES = (0.5, 1.0, 2.0)


def kernel(x: Tensor, y: Tensor, bandwidth: float) -> Tensor:
    """`k(x, y) = mean over s in (1/2, 1, 2) of exp(-|x - y|^2 / (2 (s bandwidth)^2))`: `(n, d)`, `(m, d)` -> `(n, m)`.

    Source: Gretton et al. 2012 (A kernel two-sample test), section 8: Gaussian kernels with the median distance.
    Departures: three bandwidths about the median instead of one.
    """
    squared = torch.cdist(x.double(), y.double()).square() / (2 * bandwidth**2)
    return torch.stack([torch.exp(-squared / scale**2) for scale in SCALES]).mean(0)


def mmd(x: Tensor, y: Tensor, scale: float) -> float:
    """The unbiased squared maximum mean discrepancy of `(n, d)` and `(m, d)` under the distance kernel.

    `(2 E|x - y| - E|x - x'| - E|y - y'|) / scale`, the means over different rows: the energy distance, which is the MMD
    with the kernel `-|x - y| / scale`. It is zero only for equal distributions, near 0 or below for like sets, has no
    bandwidth, and keeps growing with the distance where Gaussian kernels saturate, so that progress is seen from afar.

    Raises:
        ZeroDivisionError: a set has fewer than two rows.

    Source: Gretton et al. 2012 (A kernel two-sample test), Eq. 3; Székely & Rizzo 2013 (Energy statistics), the
    energy distance; their equality: Sejdinovic et al. 2013, Theorem 22.
    """
    within = [_off_diagonal_mean(torch.cdist(z.double(), z.double())) for z in (x, y)]
    return (2 * torch.cdist(x.double(), y.double()).mean().item() - sum(within)) / scale


def mean_distance(x: Tensor) -> float:
    """Mean Euclidean distance between different rows of `(n, d)`."""
    return torch.pdist(x.double()).mean().item()


def median_distance(x: Tensor) -> float:
    """Median Euclidean distance between different rows of `(n, d)`: the bandwidth of `kernel`. Never 0."""
    return max(torch.pdist(x.double()).median().item(), 1e-12)


def vendi(x: Tensor, bandwidth: float) -> float:
    """The effective number of different rows of `(n, d)`, in [1, n]: the exponential of the entropy of K / n.

    Source: Friedman & Dieng 2023 (The Vendi Score), Definition 3.1, with `kernel`.
    """
    eigenvalues = torch.linalg.eigvalsh(kernel(x, x, bandwidth) / len(x)).clamp_min(1e-12)
    return torch.exp(-(eigenvalues * eigenvalues.log()).sum()).item()


def nearest(x: Tensor, y: Tensor, *, leave_one_out: bool = False) -> tuple[Tensor, Tensor]:
    """Distance of every row of x to its nearest row of y, and which one: `(n,)` float64 and int64.

    Args:
        x: `(n, d)`.
        y: `(m, d)`.
        leave_one_out: x and y are the same rows; a row is not its own neighbour.
    """
    distances = torch.cdist(x.double(), y.double())
    if leave_one_out:
        distances.fill_diagonal_(torch.inf)
    found = distances.min(1)
    return found.values, found.indices


def outranks(x: Tensor, y: Tensor) -> float:
    """`P(x > y) + P(x = y) / 2` for values `(n,)` and `(m,)`: 1/2 where one cannot tell them apart.

    Source: Mann & Whitney 1947; it is the area under the ROC curve of telling x from y.
    """
    difference = x.double()[:, None] - y.double()[None, :]
    return ((difference > 0).double() + (difference == 0).double() / 2).mean().item()


def _off_diagonal_mean(square: Tensor) -> float:
    n = len(square)
    return ((square.sum() - square.diagonal().sum()) / (n * (n - 1))).item()
