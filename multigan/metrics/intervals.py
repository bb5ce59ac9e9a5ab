"""How sure a score is: resampling of the rows that it was computed from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import ShapeError

__all__ = ["LEVEL", "Interval", "bootstrap", "bootstrap_mean", "half_samples", "normal_quantile", "wilson"]

LEVEL = 0.95
REPEATS = 1000


@dataclass(frozen=True)
class Interval:
    """A value and the range that resampling finds plausible for it.

    Attributes:
        value: on all rows.
        low: lower end.
        high: upper end.
        level: the share of repetitions that such a range should hold, such as .95.
        how: how it was found, for a reader, such as `"95 % bootstrap, 100 resamples"`.
    """

    value: float
    low: float
    high: float
    level: float = LEVEL
    how: str = ""


def normal_quantile(level: float) -> float:
    """Half width of a central interval of a standard normal: 1.96 for .95."""
    return float(torch.special.ndtri(torch.tensor((1 + level) / 2, dtype=torch.float64)))


def wilson(hits: float, n: float, level: float = LEVEL) -> Interval:
    """A share of independent yes-or-no trials: `hits` of `n`, which need not be whole numbers.

    Source: Wilson 1927; Brown, Cai & DasGupta 2001, Eq. 4.
    """
    z, share = normal_quantile(level), hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (share * (1 - share) / n + z**2 / (4 * n**2)) ** 0.5
    how = f"{100 * level:g} % Wilson, n = {n:,g}"
    low = middle - half if hits else 0.0  # rounding leaves 3e-18 of it
    high = middle + half if hits != n else 1.0
    return Interval(share, max(0.0, low), min(1.0, high), level, how)


def bootstrap(
    statistic: Callable[..., float],
    sets: Sequence[Tensor],
    draw: Draw,
    *,
    repeats: int = 100,
    level: float = LEVEL,
    resample: Sequence[bool] | None = None,
) -> Interval:
    """Interval of `statistic(*sets)` by drawing the rows of each set again, with replacement.

    The resamples' quantiles are moved so that their mean lies on the value on all rows: a resample repeats rows, which
    shifts statistics such as the Fréchet distance upwards by as much as the sample did before.

    Args:
        statistic: of as many `(n_i, ...)` sets as given.
        sets: tensors whose first axis is items. Sets are resampled independently.
        draw: of the resampling.
        repeats: resamples.
        level: of the interval.
        resample: which sets are drawn again; all by default. Leave the reals out where they are the whole truth.

    Raises:
        ShapeError: a set is empty or `repeats` is below 2.

    Source: Efron 1979 (Bootstrap methods: another look at the jackknife). Departure: recentring as above. Not for
    scores by nearest neighbours, where a repeated row is its own neighbour: use `half_samples`.
    """

    def again(rows: Tensor, repeat: int, place: int) -> Tensor:
        chosen = draw.integers(f"bootstrap/{repeat}/{place}", 0, len(rows), (len(rows),))
        return rows[chosen.to(rows.device)]

    how = f"{level:.0%} bootstrap, {repeats} resamples".replace("%", " %")
    return _resampled(statistic, sets, again, repeats, level, resample, how)


def bootstrap_mean(values: Tensor, draw: Draw) -> tuple[float, float, float]:
    """Mean and 95 % percentile interval of 1,000 resamplings of `(n,)` values.

    A mean is unbiased under resampling, so nothing is moved here, as `bootstrap` does for scores that are not; and one
    value is allowed, whose interval has no width.

    Source: Efron 1979 (Bootstrap methods: another look at the jackknife).
    """
    chosen = draw.child("bootstrap").integers("items", 0, len(values), (REPEATS, len(values)))
    means = values.double()[chosen].mean(1)
    low, high = torch.quantile(means, torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist()
    return float(values.double().mean()), low, high


def half_samples(
    statistic: Callable[..., float],
    sets: Sequence[Tensor],
    draw: Draw,
    *,
    repeats: int = 100,
    level: float = LEVEL,
    resample: Sequence[bool] | None = None,
) -> Interval:
    """Interval of `statistic(*sets)` from random halves of the sets, without replacement.

    A half drawn without replacement varies about the whole as the whole varies about the truth: the variance of a mean
    of m of n rows is `(1/m - 1/n) s^2`, which is `s^2 / n` at m = n/2. No row is repeated, so scores by nearest
    neighbours are not disturbed. The halves' mean is moved onto the value on all rows, since a score may depend on n.

    Arguments and errors: as `bootstrap`; a set needs at least two rows.

    Source: Politis & Romano 1994 (Large sample confidence regions based on subsamples), with b = n/2 and its finite
    population correction.
    """

    def again(rows: Tensor, repeat: int, place: int) -> Tensor:
        order = torch.randperm(len(rows), generator=draw.generator(f"half/{repeat}/{place}"))
        return rows[order[: len(rows) // 2].to(rows.device)]

    how = f"{level:.0%} from {repeats} random halves".replace("%", " %")
    return _resampled(statistic, sets, again, repeats, level, resample, how)


def _resampled(
    statistic: Callable[..., float],
    sets: Sequence[Tensor],
    again: Callable[[Tensor, int, int], Tensor],
    repeats: int,
    level: float,
    resample: Sequence[bool] | None,
    how: str,
) -> Interval:
    if repeats < 2 or any(len(rows) < 2 for rows in sets):
        sizes = [len(rows) for rows in sets]
        raise ShapeError(f"{counted(repeats, 'resample')} of {sizes} rows", "2 or more of each", "give more samples")
    chosen = resample or [True] * len(sets)
    values = [
        statistic(*(again(rows, k, i) if chosen[i] else rows for i, rows in enumerate(sets))) for k in range(repeats)
    ]
    value = float(statistic(*sets))
    spread = torch.tensor(values, dtype=torch.float64)
    tails = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=torch.float64)
    low, high = (value + torch.quantile(spread - spread.mean(), tails)).tolist()
    return Interval(value, low, high, level, how)
