"""One column: fit, encode, decode, measure. A fitted column is a plain dict, so that it is saved with a generator."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from sklearn.mixture import BayesianGaussianMixture
from torch import Tensor

__all__ = ["decode", "encode", "fit", "measure", "width"]

SPREAD = 4.0  # a mode reaches four deviations to either side: Xu et al. 2019, section 4.2
SMALLEST = 0.005  # share of rows that a mode needs


def fit(name: str, values: Sequence[str | float], modes: int, categories: int) -> dict[str, Any]:
    """Numbers, or categories where values are words or few whole numbers."""
    different = sorted(set(values), key=str)
    words = any(isinstance(value, str) for value in values)
    whole = not words and all(float(value).is_integer() for value in values)
    if words or (whole and len(different) <= categories):
        return {"name": name, "kind": "category", "values": different if words else sorted(different)}
    x = np.asarray(values, dtype=float)
    count = min(modes, len({*values}), len(x))
    mixture = BayesianGaussianMixture(
        n_components=count, weight_concentration_prior=1e-3, max_iter=500, tol=1e-2, random_state=0
    ).fit((x[:, None] - x.mean()) / max(x.std(), 1e-12))
    kept = mixture.weights_ > SMALLEST
    means = mixture.means_[kept, 0] * x.std() + x.mean()
    deviations = np.sqrt(mixture.covariances_[kept, 0, 0]) * x.std()
    scale = {"mean": float(x.mean()), "deviation": max(float(x.std()), 1e-12)}
    decimals = max((len(repr(float(v)).partition(".")[2]) for v in values if "e" not in repr(float(v))), default=6)
    floor = max(float(x.std()) * 1e-3, 1e-12)
    return {
        "name": name,
        "kind": "number",
        "means": means.tolist(),
        "deviations": np.maximum(deviations, floor).tolist(),
        "low": float(x.min()),
        "high": float(x.max()),
        "decimals": min(decimals, 8),
        **scale,
    }


def width(column: Mapping[str, Any]) -> int:
    """How many numbers a value becomes."""
    return len(column["values"]) if column["kind"] == "category" else 1 + len(column["means"])


def encode(column: Mapping[str, Any], values: Sequence[str | float]) -> Tensor:
    """Values to `(n, width)`: a one-hot, or the place in the likeliest mode and the mode."""
    if column["kind"] == "category":
        where = {value: number for number, value in enumerate(column["values"])}
        return torch.eye(len(where))[[where[value] for value in values]]
    x = torch.tensor(values, dtype=torch.float64)[:, None]
    means, deviations = (torch.tensor(column[key], dtype=torch.float64) for key in ("means", "deviations"))
    places = (x - means) / (SPREAD * deviations)
    # A value that no mode reaches goes to the nearest, and is cut off there.
    mode = (-0.5 * (SPREAD * places) ** 2 - deviations.log()).masked_fill(places.abs() > 1, -1e9 * 1.0)
    mode = (mode - 1e6 * (places.abs() - 1).clamp_min(0)).argmax(1)
    place = places.gather(1, mode[:, None]).clamp(-1, 1)
    return torch.cat([place, torch.eye(len(means), dtype=torch.float64)[mode]], 1).float()


def decode(column: Mapping[str, Any], x: Tensor) -> list[Any]:
    """`(n, width)` to values, within the range that was seen and with as many decimals."""
    if column["kind"] == "category":
        return [column["values"][number] for number in x.argmax(1).tolist()]
    return [round(value, column["decimals"]) for value in _numbers(column, x).tolist()]


def measure(column: Mapping[str, Any], x: Tensor) -> Tensor:
    """`(n, width)` to features: the number in units of its deviation, or the one-hot over the square root of 2."""
    if column["kind"] == "category":
        hard = torch.zeros_like(x).scatter_(1, x.argmax(1, keepdim=True), 1.0) if len(x) else x
        return hard / 2**0.5
    return ((_numbers(column, x) - column["mean"]) / column["deviation"]).float()[:, None]


def _numbers(column: Mapping[str, Any], x: Tensor) -> Tensor:
    means, deviations = (
        torch.tensor(column[key], dtype=torch.float64, device=x.device) for key in ("means", "deviations")
    )
    mode = x[:, 1:].argmax(1)
    return (means[mode] + SPREAD * deviations[mode] * x[:, 0].double()).clamp(column["low"], column["high"])
