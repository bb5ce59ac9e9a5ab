"""The kernel distance: unbiased squared maximum mean discrepancy between two sets of features."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.blocks import check_pair, mean_of, row_blocks, squared_distances
from multigan.metrics.intervals import LEVEL, Interval, normal_quantile

__all__ = [
    "Distance",
    "Kernel",
    "Polynomial",
    "RadialBases",
    "RadialBasis",
    "kernel_distance",
    "mean_distance",
    "median_bandwidth",
    "mmd",
    "standardised",
]

SCALES = (0.5, 1.0, 2.0)

Kernel = Callable[[Tensor, Tensor], Tensor]
"""`(n, d)`, `(m, d)` float64 -> `(n, m)`."""


@dataclass(frozen=True)
class Polynomial:
    """`k(x, y) = (gamma x.y + offset)^degree`; gamma is 1/d unless given.

    Source: Bińkowski et al. 2018 (Demystifying MMD GANs), section 4: degree 3, gamma 1/d, offset 1.
    """

    degree: int = 3
    gamma: float | None = None
    offset: float = 1.0

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """`(n, d)`, `(m, d)` -> `(n, m)`."""
        gamma = 1 / x.shape[1] if self.gamma is None else self.gamma
        return (gamma * x @ y.T + self.offset) ** self.degree


@dataclass(frozen=True)
class RadialBasis:
    """`k(x, y) = exp(-|x - y|^2 / (2 bandwidth^2))`; see `median_bandwidth`.

    Source: Gretton et al. 2012 (A kernel two-sample test), section 8.
    """

    bandwidth: float

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """`(n, d)`, `(m, d)` -> `(n, m)`, in [0, 1]."""
        return squared_distances(x, y).div_(-2 * self.bandwidth**2).exp_()


@dataclass(frozen=True)
class RadialBases:
    """The mean of three `RadialBasis`, of half the bandwidth, of all of it and of twice as much.

    Source: Gretton et al. 2012 (A kernel two-sample test), section 8. Departure: three bandwidths about the median.
    """

    bandwidth: float

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """`(n, d)`, `(m, d)` -> `(n, m)`, in [0, 1]."""
        return torch.stack([RadialBasis(scale * self.bandwidth)(x, y) for scale in SCALES]).mean(0)


@dataclass(frozen=True)
class Distance:
    """`k(x, y) = -|x - y| / scale`: the MMD with it is the energy distance, in units of `scale`.

    It is zero only for equal distributions, has no bandwidth, and keeps growing with the distance where Gaussian
    kernels saturate, so that progress is seen from afar.

    Source: Székely & Rizzo 2013 (Energy statistics); that it is an MMD: Sejdinovic et al. 2013, Theorem 22.
    """

    scale: float

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """`(n, d)`, `(m, d)` -> `(n, m)`, 0 or less."""
        return torch.cdist(x, y).div_(-self.scale)


def mmd(x: Tensor, y: Tensor, kernel: Kernel | None = None) -> float:
    """Unbiased squared MMD of `(n, d)` and `(m, d)`: the mean kernel within x plus within y less twice that between.

    `sum_{i != j} k(x_i, x_j) / (n (n-1)) + sum_{i != j} k(y_i, y_j) / (m (m-1)) - 2 sum_{i,j} k(x_i, y_j) / (n m)`.
    Zero in expectation for equal distributions, so single values may be negative; they are not clipped.

    Source: Gretton et al. 2012 (A kernel two-sample test), Eq. 3.
    """
    k = kernel or Polynomial()
    x, y = x.double(), y.double()
    return _within(k(x, x)) + _within(k(y, y)) - 2 * float(k(x, y).mean())


def kernel_distance(
    real: Tensor,
    fake: Tensor,
    draw: Draw,
    subsets: int = 100,
    subset_size: int = 1000,
    kernel: Kernel | None = None,
) -> Interval:
    """Mean of `mmd` over random subsets of both sets, with an interval for what all rows would give.

    Args:
        real: `(n, d)`.
        fake: `(m, d)`.
        draw: of the subsets; each is drawn without replacement.
        subsets: how many.
        subset_size: rows of each set in one subset; at most half of the smaller set is used, so that subsets differ
            (`how` says the size used). The expectation does not depend on it.
        kernel: cubic polynomial by default. With it the value depends on the sixth power of the features' scale:
            give `standardised` features where an extractor has no scale of its own.

    Returns:
        The value ± the normal quantile of its error. A subset of m of n rows has `(n - m)/m` times the variance of
        the whole, to first order, so the error's variance is the subsets' times `f/(1 - f) + 1/subsets` with
        f = m/n of the smaller set. Where the distributions agree, first order vanishes and the interval is too wide.

    Raises:
        ShapeError: fewer than four rows, unequal widths, numbers that are not finite, or fewer than two subsets.

    Source: Bińkowski et al. 2018 (Demystifying MMD GANs), Eq. 4 and section 4; called KID on Inception features only.
    """
    check_pair(real, fake, least=4)
    smaller = min(len(real), len(fake))
    size = min(subset_size, smaller // 2)
    if subsets < 2 or size < 2:
        raise ShapeError(f"{subsets} subsets of {size} rows", "2 or more of each", "use the defaults, 100 of 1000")
    found = []
    for number in range(subsets):
        x = real[_subset(len(real), size, draw, f"real/{number}").to(real.device)]
        y = fake[_subset(len(fake), size, draw, f"fake/{number}").to(fake.device)]
        found.append(mmd(x, y, kernel))
    values = torch.tensor(found, dtype=torch.float64)
    share = size / smaller
    value, error = float(values.mean()), float(values.std()) * (share / (1 - share) + 1 / subsets) ** 0.5
    half = normal_quantile(LEVEL) * error
    return Interval(value, value - half, value + half, LEVEL, f"95 % of {subsets} subsets of {size}")


def mean_distance(x: Tensor) -> float:
    """Mean Euclidean distance between different rows of `(n, d)`."""
    return torch.pdist(x.double()).mean().item()


def median_bandwidth(x: Tensor) -> float:
    """Median Euclidean distance between the rows of `(n, d)`, of at most 1000 evenly spaced ones. Never 0."""
    step = -(-len(x) // 1000)
    return max(torch.pdist(x[::step].double()).median().item(), 1e-12)


def standardised(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Both sets less the reals' mean, over the reals' standard deviation, feature by feature.

    Features that are constant over the reals are only shifted. Types and shapes stay.
    """
    mean = mean_of(real)
    variance = sum(((block - mean).square().sum(0) for block in row_blocks(real)), torch.zeros_like(mean)) / len(real)
    scale = variance.sqrt()
    scale[scale <= 1e-12 * scale.max()] = 1.0
    mean, scale = mean.to(real.dtype), scale.to(real.dtype)
    return (real - mean) / scale, (fake - mean) / scale


def _within(square: Tensor) -> float:
    n = len(square)
    return float((square.sum() - square.diagonal().sum()) / (n * (n - 1)))


def _subset(n: int, size: int, draw: Draw, purpose: str) -> Tensor:
    return torch.randperm(n, generator=draw.generator(purpose))[:size]
