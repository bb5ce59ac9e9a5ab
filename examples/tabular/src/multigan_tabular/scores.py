"""How near a synthetic table is to a real one, and how useful."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from multigan import Draw
from multigan.metrics.rows import About, row
from multigan_tabular import columns

__all__ = ["compare", "own_rows", "usefulness"]

ABOUT = {
    "column_distance": About(
        "column_distance", "distance of columns", "similarity", "lower", "mean Kolmogorov-Smirnov distance; 0 = equal"
    ),
    "correlation_difference": About(
        "correlation_difference", "difference of correlations", "similarity", "lower", "mean over pairs of columns"
    ),
}


def compare(real: Tensor, fake: Tensor) -> dict[str, float]:
    """Mean Kolmogorov-Smirnov distance of columns, and mean absolute difference of correlations; 0 = equal."""
    x, y = real.double().cpu(), fake.double().cpu()
    everything = torch.cat([x, y]).T.contiguous()
    below = [torch.searchsorted(z.T.contiguous().sort(1).values, everything, right=True) / len(z) for z in (x, y)]
    distance = (below[0] - below[1]).abs().amax(1).mean().item()
    if min(len(x), len(y)) < 3:
        return {"column_distance": distance}
    correlations = [torch.nan_to_num(torch.corrcoef(z.T)) for z in (x, y)]
    return {
        "column_distance": distance,
        "correlation_difference": (correlations[0] - correlations[1]).abs().mean().item(),
    }


def own_rows(
    fake: Sequence[dict[str, Any]],
    real: Sequence[dict[str, Any]],
    train: Sequence[dict[str, Any]],
    made: Sequence[Mapping[str, Any]],
) -> list[Mapping[str, Any]]:
    """`compare` of fakes with reals, of other reals in their place, and of real rows shuffled column by column.

    Shuffled columns have the right distributions and no correlations.

    Args:
        fake: rendered rows.
        real: the same of reals, in equal numbers.
        train: other reals.
        made: the fitted columns.
    """
    n = min(len(fake), len(real), len(train))
    against, *sides = (_measured(rows[:n], made) for rows in (real, fake, train))
    found = [compare(against, side) for side in (*sides, _shuffled(sides[1]))]
    return [
        {
            **row(about, lambda one, key=key: one[key], found, "real rows, each column shuffled"),
            "n_fake": n,
            "n_real": n,
        }
        for key, about in ABOUT.items()
        if key in found[0]
    ]


def _measured(rows: Sequence[dict[str, Any]], made: Sequence[Mapping[str, Any]]) -> Tensor:
    """Rendered rows -> features `(n, dim)`."""
    parts = [columns.measure(one, columns.encode(one, [line[one["name"]] for line in rows])) for one in made]
    return torch.cat(parts, 1)


def _shuffled(x: Tensor) -> Tensor:
    """Every feature shuffled for itself."""
    return x.gather(0, Draw(0).uniform("tabular/shuffle", tuple(x.shape)).argsort(0))


def usefulness(train: Sequence[dict[str, Any]], test: Sequence[dict[str, Any]], seed: int) -> float:
    """Train a random forest on `train` to predict the last column, test on `test`: accuracy, or R² for numbers.

    Source: Esteban et al. 2017, train on synthetic, test on real (TSTR).
    """
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    target = [*test[0]][-1]
    words = sorted({str(row[key]) for row in [*train, *test] for key in row if isinstance(row[key], str)})

    def table(rows: Sequence[dict[str, Any]]) -> tuple[Any, list[Any]]:
        x = [[words.index(v) if isinstance(v, str) else v for k, v in row.items() if k != target] for row in rows]
        return np.asarray(x, dtype=float), [row[target] for row in rows]

    model = (RandomForestClassifier if isinstance(test[0][target], str) else RandomForestRegressor)(
        200, random_state=seed
    )
    return float(model.fit(*table(train)).score(*table(test)))
