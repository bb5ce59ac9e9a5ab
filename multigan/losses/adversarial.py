"""Adversarial losses as pairs of pure functions on logits, one value per sample; no sigmoid anywhere.

Every function takes logits `(batch, *patch)` of equal shapes and returns `(batch,)`, the mean over patches. They are
exact at logits of any size: `-log sigmoid(x) = softplus(-x)` neither overflows nor loses its gradient.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch.nn.functional as F
from torch import Tensor

from multigan.core.errors import RecipeError, ShapeError
from multigan.core.types import Logits, PerSample

__all__ = [
    "HINGE",
    "LEAST_SQUARES",
    "MINIMAX",
    "NON_SATURATING",
    "RELATIVISTIC",
    "RELATIVISTIC_AVERAGE",
    "WASSERSTEIN",
    "LossPair",
    "batch_mean",
    "cross_entropy_d",
    "hinge_d",
    "least_squares_d",
    "least_squares_g",
    "minimax_g",
    "non_saturating_g",
    "relativistic_average_d",
    "relativistic_average_g",
    "relativistic_d",
    "relativistic_g",
    "wasserstein_d",
    "wasserstein_g",
]

Mean = Callable[[Tensor], Tensor]
"""From logits `(batch, *patch)` to their mean over the batch, `(1, *patch)`."""


@runtime_checkable
class DLoss(Protocol):
    """D's half of a pair."""

    def __call__(self, real_logits: Tensor, fake_logits: Tensor, *, smoothing: float = 0.0) -> Tensor:
        """Per-sample loss `(batch,)` of D; `smoothing` is one-sided label smoothing in [0, 1)."""
        ...


@runtime_checkable
class GLoss(Protocol):
    """G's half of a pair."""

    def __call__(self, fake_logits: Tensor, real_logits: Tensor) -> Tensor:
        """Per-sample loss `(batch,)` of G."""
        ...


@dataclass(frozen=True)
class LossPair:
    """A named pair.

    Args:
        name: as in the registry.
        d: D's loss, `d(real_logits, fake_logits, smoothing=0.0)`.
        g: G's loss, `g(fake_logits, real_logits)`.
        needs_real: whether G's loss looks at real logits.
        needs_mean: whether both halves look at mean logits: they take `mean=`, a function from logits
            `(batch, *patch)` to `(1, *patch)`, which is the mean over the batch of all processes.
    """

    name: str
    d: DLoss
    g: GLoss
    needs_real: bool = False
    needs_mean: bool = False


def batch_mean(logits: Logits) -> Tensor:
    """The mean over the batch `(batch, *patch)` of one process, `(1, *patch)`."""
    return logits.mean(0, keepdim=True)


def cross_entropy_d(real_logits: Logits, fake_logits: Logits, *, smoothing: float = 0.0) -> PerSample:
    """D's cross-entropy, shared by the minimax and the non-saturating game.

    `(1-s) softplus(-real) + s softplus(real) + softplus(fake)` with s = `smoothing`.

    Args:
        real_logits: `(batch, *patch)`.
        fake_logits: `(batch, *patch)`.
        smoothing: the real label is 1 - s, the fake label stays 0.

    Returns:
        `(batch,)`.

    Source: Goodfellow et al. 2014, Eq. 1; smoothing: Salimans et al. 2016, section 3.4.
    Departures: the sum of both halves, negated to be descended.
    """
    _refuse_mismatch(real_logits, fake_logits)
    real = (1 - smoothing) * _softplus(-real_logits) + smoothing * _softplus(real_logits)
    return _per_sample(real + _softplus(fake_logits))


def minimax_g(fake_logits: Logits, real_logits: Logits) -> PerSample:
    """G's half of the original, saturating game: `-softplus(fake)` = log(1 - sigmoid(fake)).

    Args:
        fake_logits: `(batch, *patch)`.
        real_logits: unused.

    Returns:
        `(batch,)`.

    Source: Goodfellow et al. 2014, Eq. 1.
    """
    return _per_sample(-_softplus(fake_logits))


def non_saturating_g(fake_logits: Logits, real_logits: Logits) -> PerSample:
    """G maximises log D: `softplus(-fake)`.

    Args:
        fake_logits: `(batch, *patch)`.
        real_logits: unused.

    Returns:
        `(batch,)`.

    Source: Goodfellow et al. 2014, section 3, last paragraph.
    """
    return _per_sample(_softplus(-fake_logits))


def least_squares_d(real_logits: Logits, fake_logits: Logits, *, smoothing: float = 0.0) -> PerSample:
    """`((real - (1-s))² + fake²) / 2` with labels a=0, b=1-s.

    Args:
        real_logits: `(batch, *patch)`.
        fake_logits: `(batch, *patch)`.
        smoothing: the real label is 1 - s.

    Returns:
        `(batch,)`.

    Source: Mao et al. 2017, Eq. 2 with the 0-1 coding of Eq. 9.
    """
    _refuse_mismatch(real_logits, fake_logits)
    return _per_sample(0.5 * ((real_logits - (1 - smoothing)).square() + fake_logits.square()))


def least_squares_g(fake_logits: Logits, real_logits: Logits) -> PerSample:
    """`(fake - 1)² / 2`.

    Args:
        fake_logits: `(batch, *patch)`.
        real_logits: unused.

    Returns:
        `(batch,)`.

    Source: Mao et al. 2017, Eq. 9.
    """
    return _per_sample(0.5 * (fake_logits - 1).square())


def wasserstein_d(real_logits: Logits, fake_logits: Logits, *, smoothing: float = 0.0) -> PerSample:
    """`fake - real`: minus the critic's estimate of the distance. Needs a Lipschitz D (clip or gradient penalty).

    Args:
        real_logits: `(batch, *patch)`.
        fake_logits: `(batch, *patch)`.
        smoothing: must be 0, there are no labels.

    Returns:
        `(batch,)`.

    Source: Arjovsky et al. 2017, Eq. 2.
    """
    _refuse_smoothing("wasserstein", smoothing)
    _refuse_mismatch(real_logits, fake_logits)
    return _per_sample(fake_logits - real_logits)


def wasserstein_g(fake_logits: Logits, real_logits: Logits) -> PerSample:
    """`-fake`; also G's half of the hinge game.

    Args:
        fake_logits: `(batch, *patch)`.
        real_logits: unused.

    Returns:
        `(batch,)`.

    Source: Arjovsky et al. 2017, Eq. 2; hinge: Lim & Ye 2017; Miyato, Kataoka et al. 2018, Eq. 17.
    """
    return _per_sample(-fake_logits)


def hinge_d(real_logits: Logits, fake_logits: Logits, *, smoothing: float = 0.0) -> PerSample:
    """`max(0, 1 - real) + max(0, 1 + fake)`.

    Args:
        real_logits: `(batch, *patch)`.
        fake_logits: `(batch, *patch)`.
        smoothing: must be 0, there are no labels.

    Returns:
        `(batch,)`.

    Source: Lim & Ye 2017 (Geometric GAN); Miyato, Kataoka et al. 2018 (spectral normalisation), Eq. 16.
    """
    _refuse_smoothing("hinge", smoothing)
    _refuse_mismatch(real_logits, fake_logits)
    return _per_sample(F.relu(1 - real_logits) + F.relu(1 + fake_logits))


def relativistic_d(real_logits: Logits, fake_logits: Logits, *, smoothing: float = 0.0) -> PerSample:
    """`softplus(fake - real)`: D tells which of a pair is real.

    Args:
        real_logits: `(batch, *patch)`, paired with `fake_logits` by position.
        fake_logits: `(batch, *patch)`.
        smoothing: must be 0, there are no labels of single samples.

    Returns:
        `(batch,)`.

    Source: Jolicoeur-Martineau 2018, RSGAN; Huang et al. 2024 (R3GAN), Eq. 2.
    """
    _refuse_smoothing("relativistic", smoothing)
    _refuse_mismatch(real_logits, fake_logits)
    return _per_sample(_softplus(fake_logits - real_logits))


def relativistic_g(fake_logits: Logits, real_logits: Logits) -> PerSample:
    """`softplus(real - fake)`.

    Args:
        fake_logits: `(batch, *patch)`.
        real_logits: `(batch, *patch)`, of fresh reals.

    Returns:
        `(batch,)`.

    Source: Jolicoeur-Martineau 2018, RSGAN; Huang et al. 2024, Eq. 2, not saturating, as in their code.
    """
    _refuse_mismatch(real_logits, fake_logits)
    return relativistic_d(fake_logits, real_logits)


def relativistic_average_d(
    real_logits: Logits, fake_logits: Logits, *, smoothing: float = 0.0, mean: Mean = batch_mean
) -> PerSample:
    """`softplus(-(real - mean fake)) + softplus(fake - mean real)`, means over the batch.

    Args:
        real_logits: `(batch, *patch)`.
        fake_logits: `(batch, *patch)`.
        smoothing: must be 0, there are no labels of single samples.
        mean: from logits to their mean over the batch, `(1, *patch)`.

    Returns:
        `(batch,)`.

    Source: Jolicoeur-Martineau 2018, Algorithm 2 (RaSGAN).
    """
    _refuse_smoothing("relativistic-average", smoothing)
    _refuse_mismatch(real_logits, fake_logits)
    real = real_logits - mean(fake_logits)
    fake = fake_logits - mean(real_logits)
    return _per_sample(_softplus(-real) + _softplus(fake))


def relativistic_average_g(fake_logits: Logits, real_logits: Logits, *, mean: Mean = batch_mean) -> PerSample:
    """`softplus(-(fake - mean real)) + softplus(real - mean fake)`.

    Args:
        fake_logits: `(batch, *patch)`.
        real_logits: `(batch, *patch)`, of fresh reals.
        mean: from logits to their mean over the batch, `(1, *patch)`.

    Returns:
        `(batch,)`.

    Source: Jolicoeur-Martineau 2018, Algorithm 2.
    """
    _refuse_mismatch(real_logits, fake_logits)
    return relativistic_average_d(fake_logits, real_logits, mean=mean)


HINGE = LossPair("hinge", hinge_d, wasserstein_g)
LEAST_SQUARES = LossPair("least-squares", least_squares_d, least_squares_g)
MINIMAX = LossPair("minimax", cross_entropy_d, minimax_g)
NON_SATURATING = LossPair("non-saturating", cross_entropy_d, non_saturating_g)
RELATIVISTIC = LossPair("relativistic", relativistic_d, relativistic_g, needs_real=True)
RELATIVISTIC_AVERAGE = LossPair(
    "relativistic-average", relativistic_average_d, relativistic_average_g, needs_real=True, needs_mean=True
)
WASSERSTEIN = LossPair("wasserstein", wasserstein_d, wasserstein_g)


def _softplus(x: Tensor) -> Tensor:
    """log(1 + e^x), exact at any x: torch's own softplus turns linear at 20, which is wrong by 2e-9 in float64."""
    return -F.logsigmoid(-x)


def _per_sample(values: Tensor) -> Tensor:
    return values.flatten(1).mean(1) if values.ndim > 1 else values


def _refuse_mismatch(real_logits: Tensor, fake_logits: Tensor) -> None:
    """Broadcasting `(n, 1)` against `(n,)` would give an n × n matrix with a plausible mean."""
    if real_logits.shape != fake_logits.shape:
        raise ShapeError(
            f"real_logits {tuple(real_logits.shape)} and fake_logits {tuple(fake_logits.shape)} differ",
            "equal shapes (batch, *patch)",
            "let D return the same shape for both",
        )


def _refuse_smoothing(name: str, smoothing: float) -> None:
    if smoothing:
        raise RecipeError(
            f"game.label_smoothing = {smoothing} with loss '{name}', which has no labels to smooth",
            "0",
            "type --set game.label_smoothing=0 or --set game.loss=non-saturating",
            key=["label_smoothing"],
        )
