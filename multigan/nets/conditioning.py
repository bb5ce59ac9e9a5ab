"""How nets learn of classes."""

import math

import torch
from torch import Tensor, nn

from multigan.core.errors import ShapeError

__all__ = ["ClassEmbedding", "Projection"]


class ClassEmbedding(nn.Module):
    """Concatenates a learnt vector of the class to z: `(batch, nz)` -> `(batch, 2 nz)`.

    Source: Mirza & Osindero 2014, section 3.2, with an embedding in place of a one-hot vector (Reed et al. 2016).
    """

    def __init__(self, classes: int, nz: int) -> None:
        super().__init__()
        self.table = nn.Embedding(classes, nz)

    def forward(self, z: Tensor, cond: Tensor | None) -> Tensor:
        """z `(batch, nz)`, cond int64 `(batch,)` -> `(batch, 2 nz)`."""
        return torch.cat([z, self.table(_labels(cond))], 1)


class Projection(nn.Module):
    """The class's share of D's logit: `embedding(cond) · features`.

    Source: Miyato & Koyama 2018, Eq. 3.
    Departures: scaled by 1/sqrt(dim), so that it starts as small as the unconditional logit.
    """

    def __init__(self, classes: int, dim: int) -> None:
        super().__init__()
        self.table = nn.Embedding(classes, dim)
        self.scale = 1 / math.sqrt(dim)

    def forward(self, features: Tensor, cond: Tensor | None) -> Tensor:
        """Features `(batch, dim)`, cond int64 `(batch,)` -> `(batch,)`."""
        share: Tensor = self.table(_labels(cond))
        return (features * share).sum(1) * self.scale


def _labels(cond: Tensor | None) -> Tensor:
    if cond is None:
        raise ShapeError("a conditional net was called without labels", "cond int64 (batch,)", "pass cond")
    return cond
