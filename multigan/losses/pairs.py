"""Matching terms for pairs: fake i should be like real i, as when a generator is inverted."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.types import DiscriminatorNet, Modality, Spec

__all__ = ["Features", "l1", "multi_scale"]

Scales = Annotated[int, Field(ge=1, le=30)]


def l1(D: DiscriminatorNet | None, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
    """`mean |real - fake|`: each fake is like its target, element by element.

    Args:
        D: not used.
        real: targets `(batch, ...)`.
        fake: like `real`; the gradient reaches it.
        cond: not used.
        draw: not used.

    Returns:
        `(batch,)`.

    Source: Isola et al. 2017 (pix2pix), Eq. 3.
    """
    return (real - fake).abs().flatten(1).mean(1)


def multi_scale(
    D: DiscriminatorNet | None,
    real: Tensor,
    fake: Tensor,
    cond: Tensor | None,
    draw: Draw,
    *,
    scales: Scales = 3,
) -> Tensor:
    """`mean over s of mean |pool^s(real) - pool^s(fake)|`: elements, then means of 2, 4, ... neighbours along all axes.

    Args:
        D: not used.
        real: `(batch, ...)`; axes after the second are pooled.
        fake: like `real`; the gradient reaches it.
        cond: not used.
        draw: not used.
        scales: how many, the finest first.

    Returns:
        `(batch,)`.

    Source: a Gaussian-pyramid L1 in the manner of Bojanowski et al. 2018 (GLO; Laplacian pyramid, L1).
    Departures: means in place of differences of Gaussians.
    """
    gaps = []
    for _ in range(scales):
        gaps.append((real - fake).abs().flatten(1).mean(1))
        if real.ndim < 3 or max(real.shape[2:]) < 2:
            break
        real, fake = _halved(real), _halved(fake)
    return torch.stack(gaps).mean(0)


class Features:
    """`mean |f(real) - f(fake)|` in the modality's features.

    Source: Dosovitskiy & Brox 2016, the loss in feature space.
    Departures: L1 instead of squared L2; features are download-free.
    """

    def __init__(self, modality: Modality, spec: Spec) -> None:
        self.modality, self.spec = modality, spec

    @classmethod
    def build(cls, modality: Modality, spec: Spec) -> "Features":
        """For samples like `spec`."""
        return cls(modality, spec)

    def __call__(
        self, D: DiscriminatorNet | None, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw
    ) -> Tensor:
        """Per sample `(batch,)`; see `multi_scale`."""
        with torch.no_grad():
            wanted = self.modality.features(real, self.spec)
        return (self.modality.features(fake, self.spec) - wanted).abs().mean(1)


def _halved(x: Tensor) -> Tensor:
    if x.ndim == 3:
        return F.avg_pool1d(x, 2, ceil_mode=True)
    return F.avg_pool2d(x, 2, ceil_mode=True) if x.ndim == 4 else x
