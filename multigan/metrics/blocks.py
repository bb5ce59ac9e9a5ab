"""Sets of feature vectors, walked in blocks so that no n × n matrix and no float64 copy of a set is ever held."""

from collections.abc import Iterator

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.errors import ShapeError

__all__ = ["check_features", "check_pair", "mean_of", "row_blocks", "spans", "squared_distances", "squared_tiles"]

ROWS, COLUMNS = 1024, 4096
TILE_BYTES = 8 * ROWS * COLUMNS
ROUNDING = 1e-13
"""Squared distances below this share of the squared norms are rounding, and count as 0 (float64, sums of products)."""


def check_features(x: Tensor, name: str, least: int = 2) -> None:
    """Refuse what is no set of at least `least` finite feature vectors.

    Raises:
        ShapeError: not `(n, d)` of floats with n >= least and d >= 1, or a number is NaN or infinite.
    """
    if x.ndim != 2 or not x.is_floating_point() or not x.shape[1]:
        raise ShapeError(f"{name} {tuple(x.shape)} {x.dtype}", "features (n, d) of floats", "flatten each item")
    if len(x) < least:
        raise ShapeError(f"{name} with {counted(len(x), 'row')}", f"{least} or more", "give more samples")
    bad = sum(int((~block.isfinite()).any(1).sum()) for block in x.split(COLUMNS))
    if bad:
        raise ShapeError(
            f"{name}: {bad} of {counted(len(x), 'row')} have NaN or infinity", "finite features", "drop those rows"
        )


def check_pair(x: Tensor, y: Tensor, names: tuple[str, str] = ("real", "fake"), least: int = 2) -> None:
    """`check_features` of both, and that they are of one width.

    Raises:
        ShapeError: as above, or the widths differ.
    """
    for z, name in zip((x, y), names, strict=True):
        check_features(z, name, least)
    if x.shape[1] != y.shape[1]:
        raise ShapeError(
            f"{names[0]} with {counted(x.shape[1], 'feature')} and {names[1]} with {y.shape[1]}",
            "equal widths",
            "use one extractor for both",
        )


def spans(n: int, size: int) -> Iterator[slice]:
    """Slices that cut `range(n)` into runs of at most `size`."""
    return (slice(start, min(start + size, n)) for start in range(0, n, size))


def row_blocks(x: Tensor, size: int = COLUMNS) -> Iterator[Tensor]:
    """The rows of `(n, d)` in float64, `size` at a time."""
    return (x[span].double() for span in spans(len(x), size))


def mean_of(x: Tensor) -> Tensor:
    """Mean row of `(n, d)` in float64: `(d,)`."""
    total = torch.zeros(x.shape[1], dtype=torch.float64, device=x.device)
    for block in row_blocks(x):
        total += block.sum(0)
    return total / len(x)


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """`|a_i - b_j|^2` of float64 `(n, d)` and `(m, d)`: `(n, m)`, by `|a|^2 + |b|^2 - 2 a.b`.

    What is below the rounding of that sum (1e-13 of it) is 0, so that equal rows are at distance 0. Give rows centred
    about a common point: the nearer to the origin, the smaller the rounding.
    """
    norms = a.square().sum(1)[:, None] + b.square().sum(1)[None, :]
    squared = torch.addmm(norms, a, b.T, alpha=-2)
    return squared.masked_fill_(squared < norms.mul_(ROUNDING), 0.0)


def squared_tiles(x: Tensor, y: Tensor, *, upper: bool = False) -> Iterator[tuple[slice, slice, Tensor]]:
    """Squared distances between `(n, d)` and `(m, d)`, as tiles of at most 1024 × 4096: rows, columns, float64 tile.

    Args:
        x: rows.
        y: columns.
        upper: x and y are the same rows: square tiles of 1024 on and above the diagonal only; the others mirror them.
    """
    centre = mean_of(x)
    width = ROWS if upper else COLUMNS
    for columns in spans(len(y), width):
        b = y[columns].double() - centre
        for rows in spans(columns.stop if upper else len(x), ROWS):
            yield rows, columns, squared_distances(x[rows].double() - centre, b)
