"""Are fakes copies of training items? Nearest neighbours, and a test against held-out items."""

from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.blocks import check_pair, spans, squared_tiles
from multigan.metrics.kmeans import assign, kmeans

__all__ = ["CopyTest", "copy_test", "nearest", "outranks", "rank_z", "unseen_distances"]

LEAST_FAKES = 20
Z_OF_COPYING = -3.0


@dataclass(frozen=True)
class CopyTest:
    """Whether fakes are nearer to training items than held-out items are.

    Attributes:
        score: C_T, the mean of the cells' z weighted by their held-out items. Far below 0: copying; far above 0:
            fakes are farther from the training items than real items are (underfitting).
        z: score over its standard deviation for equal distances, so that -3 means the same at any number of cells.
        nearer: chance that a fake is nearer to its nearest training item than a held-out item is to its own, ties
            half; .5 where one cannot tell. All cells together: an effect size, which does not grow with n.
        cells: in which training items were divided.
        judged: cells with enough fakes.
        cell_z: `(cells,)`, NaN in cells that are not judged.
        fakes_judged: share of fakes in judged cells.
    """

    score: float
    z: float
    nearer: float
    cells: int
    judged: int
    cell_z: Tensor
    fakes_judged: float

    @property
    def copies(self) -> bool:
        """Whether `z` is below -3: once in 700 tests by chance."""
        return self.z < Z_OF_COPYING


def nearest(x: Tensor, y: Tensor, *, leave_one_out: bool = False) -> tuple[Tensor, Tensor]:
    """Distance of every row of `(n, d)` to its nearest row of `(m, d)`, and which one: `(n,)` float64 and int64.

    Neighbours are found by blocks of products and their distances taken again from the differences, so that copies
    are at exactly 0.

    Args:
        x: `(n, d)`.
        y: `(m, d)`.
        leave_one_out: x and y are the same rows, and a row is not its own neighbour.

    Raises:
        ShapeError: no rows, unequal widths, or numbers that are not finite.
    """
    check_pair(x, y, ("x", "y"), least=2 if leave_one_out else 1)
    best = torch.full((len(x),), torch.inf, dtype=torch.float64, device=x.device)
    which = torch.zeros(len(x), dtype=torch.int64, device=x.device)
    for rows, columns, squared in squared_tiles(x, y):
        if leave_one_out:
            own = torch.arange(rows.start, rows.stop, device=x.device)
            inside = (own >= columns.start) & (own < columns.stop)
            squared[inside.nonzero()[:, 0], own[inside] - columns.start] = torch.inf
        found = squared.min(1)
        better = found.values < best[rows]
        best[rows] = torch.where(better, found.values, best[rows])
        which[rows] = torch.where(better, found.indices + columns.start, which[rows])
    for rows in spans(len(x), 1024):
        best[rows] = (x[rows].double() - y[which[rows]].double()).norm(dim=1)
    return best, which


def unseen_distances(trained: Tensor, unseen: Tensor) -> Tensor:
    """How near reals come to trained items unless they are copied: the measure of what fakes do.

    Args:
        trained: `(t, d)`.
        unseen: `(m, d)` reals that were not trained on; without rows, trained items stand in for them.

    Returns:
        The distance of every unseen item to its nearest trained one, `(m,)`, or of every trained item to its nearest
        other, `(t,)`; infinite where there is no other.
    """
    if len(unseen):
        return nearest(unseen, trained)[0]
    if len(trained) < 2:
        return torch.full((len(trained),), torch.inf, dtype=torch.float64)
    return nearest(trained, trained, leave_one_out=True)[0]


def copy_test(
    train: Tensor,
    held_out: Tensor,
    fake: Tensor,
    draw: Draw,
    *,
    cells: int | None = None,
    least: int = LEAST_FAKES,
    distances: tuple[Tensor, Tensor] | None = None,
) -> CopyTest:
    """C_T: rank the distances to the training items of fakes against those of held-out items, cell by cell.

    Args:
        train: `(t, d)` items that were trained on.
        held_out: `(n, d)` items of the same source that were not.
        fake: `(m, d)`.
        draw: of the k-means seeds.
        cells: k-means cells of the training items; by default one per 50 held-out items, between 1 and 10. Cells
            find copying of one kind of item that underfitting elsewhere would hide.
        least: fakes that a cell needs to be judged; it also needs one held-out item.
        distances: of held-out items and of fakes to the nearest training item, where they are known.

    Raises:
        ShapeError: no cell can be judged (too few fakes or held-out items), unequal widths, or not finite.

    Source: Meehan, Chaudhuri & Dasgupta 2020 (A non-parametric test to detect data-copying in generative models),
    sections 3.1-3.2. Departures: distances to the nearest training item of all cells; ties (exact copies) share their
    ranks and shrink the variance; `z`.
    """
    check_pair(train, held_out, ("train", "held_out"), least=1)
    check_pair(train, fake, ("train", "fake"), least=1)
    cells = min(10, max(1, len(held_out) // 50), len(train)) if cells is None else cells
    centres = kmeans(train, cells, draw)
    distances = distances or (nearest(held_out, train)[0], nearest(fake, train)[0])
    homes = [assign(x, centres) for x in (held_out, fake)]
    counts = [torch.bincount(home, minlength=cells) for home in homes]
    judged = (counts[1] >= least) & (counts[0] > 0)
    if not judged.any():
        given = (
            f"{counted(len(fake), 'fake')} and {counted(len(held_out), 'held-out item')} in {counted(cells, 'cell')}"
        )
        raise ShapeError(given, f"{least} fakes and a held-out item in one of them", "give more fakes or fewer cells")
    cell_z = torch.full((cells,), torch.nan, dtype=torch.float64)
    for cell in judged.nonzero()[:, 0].tolist():
        cell_z[cell] = rank_z(distances[1][homes[1] == cell], distances[0][homes[0] == cell])[0]
    weights = counts[0][judged].double().cpu()
    weights /= weights.sum()
    score = float((weights * cell_z[judged.cpu()]).sum())
    return CopyTest(
        score=score,
        z=score / float(weights.square().sum().sqrt()),
        nearer=1 - rank_z(distances[1], distances[0])[1],
        cells=cells,
        judged=int(judged.sum()),
        cell_z=cell_z,
        fakes_judged=float(counts[1][judged].sum()) / len(fake),
    )


def outranks(a: Tensor, b: Tensor) -> float:
    """`P(a > b) + P(a = b)/2` for values `(m,)` and `(n,)`: 1/2 where one cannot tell them apart; NaN is above nothing.

    It is the area under the ROC curve of telling a from b; see `rank_z`.
    """
    return rank_z(a.masked_fill(a.isnan(), -torch.inf), b.masked_fill(b.isnan(), torch.inf))[1]


def rank_z(a: Tensor, b: Tensor) -> tuple[float, float]:
    """Mann-Whitney: z of `P(a > b) + P(a = b)/2` for values `(m,)` and `(n,)`, and that chance itself.

    `U = R_a - m (m + 1) / 2` with midranks, `z = (U - m n / 2) / sqrt(m n / 12 (N + 1 - ties))`, where
    `ties = sum(t^3 - t) / (N (N - 1))` over groups of t equal values and N = m + n. z is 0 where all values are equal.

    Source: Mann & Whitney 1947, with the variance for ties of Lehmann 1975 (Nonparametrics), section 1.4.
    """
    m, n = len(a), len(b)
    total = m + n
    _, group, sizes = torch.cat([a, b]).unique(return_inverse=True, return_counts=True)
    sizes = sizes.double()
    midranks = sizes.cumsum(0) - (sizes - 1) / 2
    u = float(midranks[group[:m]].sum()) - m * (m + 1) / 2
    ties = float((sizes**3 - sizes).sum()) / (total * (total - 1))
    variance = m * n / 12 * (total + 1 - ties)
    return ((u - m * n / 2) / variance**0.5 if variance > 1e-9 else 0.0), u / (m * n)
