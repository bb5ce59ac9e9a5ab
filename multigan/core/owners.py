"""Which items belong together or repeat another, asked of items that say so and of items that do not."""

import torch
from torch import Tensor

from multigan.core.types import Items

__all__ = ["mirrored_of", "owners_of"]


def owners_of(items: Items) -> Tensor:
    """The group that each item is of, int64 `(n,)`; where items have no `groups`, each is one by itself."""
    groups: Tensor | None = getattr(items, "groups", None)
    return torch.arange(len(items)) if groups is None else groups


def mirrored_of(items: Items) -> Tensor:
    """Which items are another one's mirror image, bool `(n,)`; where items do not say so, none is."""
    mirrored: Tensor | None = getattr(items, "mirrored", None)
    return torch.zeros(len(items), dtype=torch.bool) if mirrored is None else mirrored
