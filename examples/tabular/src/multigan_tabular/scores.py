"""How near a synthetic table is to a real one, and how useful."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

__all__ = ["compare", "usefulness"]


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
