"""Blocks over frames, as vocoders of today use them."""

import torch
from torch import Tensor, nn

__all__ = ["FrameBlock", "frame_blocks"]

KERNEL = 7
START = 0.1
"""Of the gain of a block: deep stacks begin near the identity."""


class FrameBlock(nn.Module):
    """`x + gain * linear(gelu(linear(norm(depthwise(x)))))` over frames: `(batch, width, frames)` to the same.

    Args:
        width: channels.
        expansion: hidden channels over `width`.

    Source: Liu et al. 2022 (ConvNeXt), figure 4; over frames: Siuzdak 2024 (Vocos), section 3.2.
    """

    def __init__(self, width: int, expansion: int = 3) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(width, width, KERNEL, padding=KERNEL // 2, groups=width)
        self.norm = nn.LayerNorm(width)
        self.wide, self.narrow = nn.Linear(width, expansion * width), nn.Linear(expansion * width, width)
        self.gain = nn.Parameter(torch.full((width,), START))

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, width, frames)` to the same."""
        hidden = self.norm(self.depthwise(x).transpose(1, 2))
        change: Tensor = self.narrow(nn.functional.gelu(self.wide(hidden))) * self.gain
        return x + change.transpose(1, 2)


def frame_blocks(width: int, count: int) -> nn.Sequential:
    """So many blocks in a row."""
    return nn.Sequential(*[FrameBlock(width) for _ in range(count)])
