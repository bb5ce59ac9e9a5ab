"""Moves of samples along an axis that several modalities share, differentiable in the sample."""

import torch
from torch import Tensor

__all__ = ["shift", "span"]


def shift(x: Tensor, steps: Tensor, axis: int, *, wrap: bool = False) -> Tensor:
    """Move each sample by its own whole number of steps along an axis; what comes in is zero, or what went out.

    Args:
        x: `(batch, ...)`.
        steps: int64 `(batch,)`; positive moves towards higher indices.
        axis: of x, 1 or more.
        wrap: bring back at one end what leaves at the other.

    Returns:
        Like x.
    """
    size = x.shape[axis]
    source = torch.arange(size, device=x.device)[None] - steps[:, None]  # (B, size)
    shape = [len(x), *[1] * (x.ndim - 1)]
    shape[axis] = size
    moved = x.gather(axis, (source % size).view(shape).expand(x.shape))
    if wrap:
        return moved
    return moved * ((source >= 0) & (source < size)).view(shape).to(x)


def span(start: Tensor, length: int, size: int) -> Tensor:
    """Where a span lies: True in `[start, start + length)`.

    Args:
        start: int64 `(batch,)`.
        length: of every span.
        size: of the axis.

    Returns:
        bool `(batch, size)`.
    """
    place = torch.arange(size, device=start.device)[None]
    return (place >= start[:, None]) & (place < start[:, None] + length)
