"""Which items belong together, asked of items that say so and of items that do not."""

import torch
from torch import Tensor

from multigan.core.types import Items

__all__ = ["owners_of"]


def owners_of(items: Items) -> Tensor:
    """The group that each item is of, int64 `(n,)`; where items have no `groups`, each is one by itself."""
    groups: Tensor | None = getattr(items, "groups", None)
    return torch.arange(len(items)) if groups is None else groups
