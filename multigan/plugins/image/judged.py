"""Pictures as a fresh judge sees them."""

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["as_seen"]

SIDE = 64


def as_seen(x: Tensor, side: int = SIDE) -> Tensor:
    """`(batch, channels, height, width)` in [-1, 1] -> the same in the 256 steps of a file.

    Pictures larger than `side` pixels become `(batch, 2 channels, side, side)`: the whole of it made smaller, and its
    middle as it is, so that coarse and fine faults are both within reach of a small net.
    """
    x = ((x.float().clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1
    height, width = x.shape[2:]
    if max(height, width) <= side:
        return x
    small = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True, align_corners=False)
    middle = F.pad(x, (0, max(0, side - width), 0, max(0, side - height)))
    top, left = ((length - side) // 2 for length in middle.shape[2:])
    return torch.cat([small, middle[:, :, top : top + side, left : left + side]], 1)
