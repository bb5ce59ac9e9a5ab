"""Where texts end: what counts of the tokens that are there."""

from typing import Any

import torch
from torch import Tensor

__all__ = ["until_end"]


def until_end(tokens: Tensor, end: Any) -> Tensor:
    """Bool like `tokens` `(batch, length)`: True up to and including the first end of every text.

    Args:
        tokens: ids.
        end: the id that ends a text; None = nothing does, and all counts.
    """
    if end is None:
        return torch.ones_like(tokens, dtype=torch.bool)
    ends = tokens == end
    counted: Tensor = ends.cumsum(1) - ends.long() == 0
    return counted
