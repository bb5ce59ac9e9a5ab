"""How near synthetic windows are to real ones, and how useful. All take float windows `(n, channels, length)`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from multigan import Draw
from multigan.metrics.rows import About, row

__all__ = [
    "autocorrelation",
    "autocorrelations",
    "discriminative",
    "last_value_error",
    "next_step_error",
    "own_rows",
    "steps",
]

LAGS = 8
PAST = 8
AUTOCORRELATION = About(
    "autocorrelation", "distance of autocorrelations", "similarity", "lower", "mean over lags 1 to 8; 0 = equal"
)
STEPS = About(
    "step_distance", "distance of changes", "similarity", "lower", "Kolmogorov-Smirnov, step to step; 0 = equal"
)


def autocorrelations(x: Tensor) -> Tensor:
    """`(channels, lags)`: `sum_t c_t c_(t+k) / sum_t c_t^2` over all windows, c = values less their window's mean."""
    c = x.double() - x.double().mean(2, keepdim=True)
    whole = c.square().sum((0, 2)).clamp_min(1e-12)
    lags = range(1, min(LAGS, x.shape[2] - 1) + 1)
    return torch.stack([(c[..., :-k] * c[..., k:]).sum((0, 2)) / whole for k in lags], 1)


def autocorrelation(real: Tensor, fake: Tensor) -> float:
    """Mean absolute difference of autocorrelations up to lag 8; 0 = equal."""
    return float((autocorrelations(real) - autocorrelations(fake)).abs().mean())


def steps(real: Tensor, fake: Tensor) -> float:
    """Mean Kolmogorov-Smirnov distance of the changes from step to step, by channel; 0 = equal, 1 = apart."""
    sets = [x.double().diff(dim=2).transpose(0, 1).flatten(1).contiguous() for x in (real, fake)]
    both = torch.cat(sets, 1)
    below = [torch.searchsorted(x.sort(1).values, both, right=True) / x.shape[1] for x in sets]
    return float((below[0] - below[1]).abs().amax(1).mean())


def own_rows(
    fake: Sequence[Mapping[str, Any]], real: Sequence[Mapping[str, Any]], train: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Both distances of rendered windows to `real`; the floor is that of `train`, the baseline of shuffled steps."""
    n = min(len(fake), len(real), len(train))
    against, *sides = (_windows(side[:n]) for side in (real, fake, train))
    order = Draw(0).uniform("series/shuffle", (n, 1, against.shape[2])).argsort(2)
    sets = (*sides, against.gather(2, order.expand_as(against)))
    note = "real windows, the steps of each shuffled"
    found = [
        row(AUTOCORRELATION, lambda x: autocorrelation(against, x), sets, note),
        row(STEPS, lambda x: steps(against, x), sets, note),
    ]
    return [{"n_fake": n, "n_real": n, **one} for one in found]


def _windows(rendered: Sequence[Mapping[str, Any]]) -> Tensor:
    """Dicts of channels -> float64 `(n, channels, length)`."""
    return torch.tensor([[*window.values()] for window in rendered], dtype=torch.float64)


def discriminative(train: tuple[Tensor, Tensor], test: tuple[Tensor, Tensor], seed: int) -> float:
    """Balanced accuracy of a random forest that tells real from synthetic windows it never saw; chance = .5.

    Args:
        train: real and synthetic windows to learn from.
        test: others to be told apart.
        seed: of the forest.

    Source: Yoon et al. 2019 (TimeGAN), section 5, whose score is this less .5. Departures: a forest of 200 trees on
    values and changes instead of an LSTM.
    """
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(200, random_state=seed, class_weight="balanced")
    model.fit(np.concatenate([_wide(x) for x in train]), np.repeat([0, 1], [len(x) for x in train]))
    right = [float((model.predict(_wide(x)) == label).mean()) for label, x in enumerate(test)]
    return sum(right) / 2


def next_step_error(train: Tensor, test: Tensor) -> float:
    """Mean absolute error, on `test`, of a linear model of the next step that is fitted on `train`.

    From the last 8 steps of all channels to the next of each; in units of half a channel's range.
    Source: Yoon et al. 2019, section 5 (predictive score). Departures: ridge regression, all channels.
    """
    from sklearn.linear_model import Ridge

    model = Ridge(0.01).fit(*_pasts(train))
    past, following = _pasts(test)
    # A model of one channel predicts a vector, not a column.
    return float(np.abs(model.predict(past).reshape(following.shape) - following).mean())


def last_value_error(test: Tensor) -> float:
    """The error of the guess that nothing changes, of the same steps as `next_step_error`."""
    past, following = _pasts(test)
    return float(np.abs(past.reshape(len(past), test.shape[1], -1)[..., -1] - following).mean())


def _wide(x: Tensor) -> Any:
    return torch.cat([x.flatten(1), x.diff(dim=2).flatten(1)], 1).cpu().numpy()


def _pasts(x: Tensor) -> tuple[Any, Any]:
    size = min(PAST, x.shape[2] - 1)
    cut = (
        x.double().cpu().unfold(2, size + 1, 1).transpose(1, 2).flatten(0, 1)
    )  # (windows * places, channels, size + 1)
    return cut[..., :-1].flatten(1).numpy(), cut[..., -1].numpy()
