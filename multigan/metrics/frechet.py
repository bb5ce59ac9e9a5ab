"""The Fréchet distance between two sets of features, and what it tends to with more samples."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.blocks import check_features, check_pair, mean_of, row_blocks

__all__ = [
    "Extrapolated",
    "Gaussian",
    "factor",
    "frechet_between",
    "frechet_distance",
    "frechet_extrapolated",
    "gaussian",
]

POINTS = 15


@dataclass(frozen=True)
class Gaussian:
    """What the Fréchet distance keeps of a set.

    Attributes:
        n: rows it was fitted to.
        mean: `(d,)`, float64.
        covariance: `(d, d)`, float64, with divisor n - 1.
    """

    n: int
    mean: Tensor
    covariance: Tensor


@dataclass(frozen=True)
class Extrapolated:
    """A straight line through Fréchet distances over 1/n.

    Attributes:
        value: where the line meets 1/n = 0.
        slope: of the line; slope/n is the bias at n samples. Generators differ in it: that is why a plain distance at
            one n can rank two of them wrongly.
        points: the `(n, distance)` it was fitted to.
        residual: root mean square distance of the points from the line, in units of the distance.
    """

    value: float
    slope: float
    points: tuple[tuple[int, float], ...]
    residual: float


def gaussian(x: Tensor) -> Gaussian:
    """Mean and covariance of `(n, d)` features in float64, 4096 rows at a time.

    Raises:
        ShapeError: fewer than two rows, not 2-D, or not finite.
    """
    check_features(x, "features")
    mean = mean_of(x)
    scatter = torch.zeros(x.shape[1], x.shape[1], dtype=torch.float64, device=x.device)
    for block in row_blocks(x):
        centred = block - mean
        scatter.addmm_(centred.T, centred)
    return Gaussian(len(x), mean, scatter.div_(len(x) - 1))


def factor(p: Gaussian) -> Tensor:
    """A with `A A^T = S`: Cholesky's where S is positive definite, else from eigenvectors, less what is rounding."""
    d = len(p.mean)
    lower: Tensor
    if p.n > d:
        lower, failed = torch.linalg.cholesky_ex(p.covariance)
        if not failed:
            return lower
    values, vectors = torch.linalg.eigh(p.covariance)
    kept = values > values[-1].clamp_min(0) * d * torch.finfo(torch.float64).eps
    root: Tensor = vectors[:, kept] * values[kept].sqrt()
    return root


def frechet_between(p: Gaussian, q: Gaussian) -> float:
    """`|mu_p - mu_q|^2 + tr(S_p) + tr(S_q) - 2 tr((S_p S_q)^(1/2))` of two Gaussians of one width; 0 or more.

    With `S = A A^T`, `tr((S_p S_q)^(1/2))` is the sum of the singular values of `A_p^T A_q`. No square root of a
    product of matrices is taken, so nothing turns complex and singular covariances (n <= d, constant features) are no
    special case.

    Source: Dowson & Landau 1982 (The Fréchet distance between multivariate normal distributions); Heusel et al. 2017
    (GANs trained by a two time-scale update rule), Eq. 6. It is called FID only on the Inception features of the
    latter.
    """
    return _between(p, q, factor(q))


def frechet_distance(x: Tensor, y: Tensor) -> float:
    """Fréchet distance between the Gaussians fitted to `(n, d)` and `(m, d)` features; see `frechet_between`.

    It is biased upwards by about `slope/n`: compare only numbers at equal n and m, or use `frechet_extrapolated`.

    Raises:
        ShapeError: fewer than two rows, unequal widths, or numbers that are not finite.
    """
    check_pair(x, y)
    return frechet_between(gaussian(x), gaussian(y))


def frechet_extrapolated(
    real: Tensor, fake: Tensor, draw: Draw, *, points: int = POINTS, both: bool = False
) -> Extrapolated:
    """The Fréchet distance that infinitely many fakes would get, by a line through distances over 1/n.

    Args:
        real: `(m, d)`.
        fake: `(n, d)`.
        draw: shuffles the rows once; the subsets are the first n_1 < n_2 < … < n of them.
        points: number of subsets, evenly spaced from a tenth of the rows (or 2 d if that is more, but at most half of
            the rows) to all of them.
        both: shrink the reals with the fakes. By default all reals are used at each point, so that their own finite
            number stays a bias; with `both` that one is extrapolated away too. Needs as many reals as fakes.

    Raises:
        ShapeError: fewer than 20 fakes, fewer than 3 points, or `both` with unequal counts.

    Source: Chong & Forsyth 2020 (Effectively unbiased FID and Inception Score), FID-infinity: 15 points, a linear fit
    in 1/n. Departures: the subsets are nested, so that moments are summed once; plain random subsets, since the rows
    are given (the paper's quasi-random latents are up to the caller); `both`.
    """
    check_pair(real, fake)
    if len(fake) < 20 or points < 3 or (both and len(real) != len(fake)):
        given = f"{counted(len(real), 'real')}, {counted(len(fake), 'fake')}, {counted(points, 'point')}"
        raise ShapeError(given, "20 or more fakes, 3 or more points", "with `both`, give as many reals as fakes")
    sizes = _sizes(len(fake), fake.shape[1], points)
    fakes = _nested(fake, sizes, draw.generator("shuffle fakes"))
    if both:
        reals = _nested(real, sizes, draw.generator("shuffle reals"))
        values = [frechet_between(p, q) for p, q in zip(reals, fakes, strict=True)]
    else:
        fixed = gaussian(real)
        root = factor(fixed)
        values = [_between(q, fixed, root) for q in fakes]
    return _line(sizes, values)


def _between(p: Gaussian, q: Gaussian, root_q: Tensor) -> float:
    overlap = torch.linalg.svdvals(factor(p).T @ root_q).sum()
    traces = p.covariance.trace() + q.covariance.trace()
    return max(0.0, float((p.mean - q.mean).square().sum() + traces - 2 * overlap))


def _sizes(n: int, d: int, points: int) -> list[int]:
    least = max(2, n // 10, min(2 * d, n // 2))
    return [int(size) for size in torch.linspace(least, n, points, dtype=torch.float64).round()]


def _nested(x: Tensor, sizes: list[int], generator: torch.Generator) -> Iterator[Gaussian]:
    """Gaussians of the first `sizes` rows of one shuffle; the moments of the rows between are added to those before."""
    order = torch.randperm(len(x), generator=generator).to(x.device)
    whole = gaussian(x[order[: sizes[0]]])
    yield whole
    for start, stop in pairwise(sizes):
        whole = _union(whole, x[order[start:stop]])
        yield whole


def _union(p: Gaussian, x: Tensor) -> Gaussian:
    """The Gaussian of p's rows and of `(n, d)` more (Chan, Golub & LeVeque 1983, parallel update)."""
    mean, n = mean_of(x), p.n + len(x)
    scatter = p.covariance * (p.n - 1)
    for block in row_blocks(x):
        centred = block - mean
        scatter.addmm_(centred.T, centred)
    shift = mean - p.mean
    scatter.addr_(shift, shift, alpha=p.n * len(x) / n)
    return Gaussian(n, p.mean + shift * len(x) / n, scatter.div_(n - 1))


def _line(sizes: list[int], values: list[float]) -> Extrapolated:
    y = torch.tensor(values, dtype=torch.float64)
    columns = torch.stack([torch.ones_like(y), 1 / torch.tensor(sizes, dtype=torch.float64)], 1)
    scale = columns[:, 1].max()
    solution = torch.linalg.lstsq(columns / torch.stack([torch.ones_like(scale), scale]), y).solution
    residual = y - solution[0] - solution[1] * columns[:, 1] / scale
    points = tuple(zip(sizes, values, strict=True))
    return Extrapolated(float(solution[0]), float(solution[1] / scale), points, float(residual.square().mean().sqrt()))
