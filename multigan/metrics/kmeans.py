"""k-means in blocks, repeatable: the cells of the bin and copy tests."""

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.blocks import check_features, row_blocks, squared_distances

__all__ = ["assign", "kmeans", "lloyd"]

SEEDING_ROWS = 50
ITERATIONS = 50


def kmeans(x: Tensor, cells: int, draw: Draw) -> Tensor:
    """Centres of k-means cells of `(n, d)`: `(cells, d)` float64.

    Seeded by k-means++ on at most 50 random rows a cell, then at most 50 of Lloyd's steps.

    Raises:
        ShapeError: fewer rows than cells, or numbers that are not finite.

    Source: Arthur & Vassilvitskii 2007 (k-means++); Lloyd 1982 (Least squares quantization in PCM).
    """
    if cells < 1:
        raise ShapeError(counted(cells, "cell"), "1 or more", "give a positive number")
    check_features(x, "features", least=cells)
    chosen = torch.randperm(len(x), generator=draw.generator("rows"))[: SEEDING_ROWS * cells]
    return lloyd(x, _seeds(x[chosen.to(x.device)].double(), cells, draw))


def lloyd(x: Tensor, centres: Tensor, iterations: int = ITERATIONS) -> Tensor:
    """Move `(k, d)` centres to the means of their cells until no row of `(n, d)` changes its cell.

    A cell that loses all its rows keeps its centre.
    """
    cells = torch.full((len(x),), -1, device=x.device)
    centres = centres.double()
    for _ in range(iterations):
        new = assign(x, centres)
        if torch.equal(new, cells):
            break
        cells = new
        sums, counts = torch.zeros_like(centres), torch.bincount(cells, minlength=len(centres))
        for block, mine in zip(row_blocks(x), cells.split(4096), strict=True):
            sums.index_add_(0, mine, block)
        centres = torch.where(counts[:, None] > 0, sums / counts.clamp_min(1)[:, None], centres)
    return centres


def assign(x: Tensor, centres: Tensor) -> Tensor:
    """The nearest of `(k, d)` centres of every row of `(n, d)`: `(n,)` int64."""
    middle = centres.mean(0)
    moved = centres - middle
    return torch.cat([squared_distances(block - middle, moved).argmin(1) for block in row_blocks(x)])


def _seeds(rows: Tensor, cells: int, draw: Draw) -> Tensor:
    """Rows drawn one after another with chance proportional to the squared distance from those before."""
    generator = draw.generator("seeds")
    picked = [rows[0]]  # rows come shuffled
    squared = torch.full((len(rows),), torch.inf, dtype=torch.float64, device=rows.device)
    for _ in range(1, cells):
        squared = torch.minimum(squared, (rows - picked[-1]).square().sum(1))
        weights = squared.cpu() if squared.sum() > 0 else torch.ones(len(rows), dtype=torch.float64)
        picked.append(rows[int(torch.multinomial(weights, 1, generator=generator))])
    return torch.stack(picked)
