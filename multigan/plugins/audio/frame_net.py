"""Blocks over frames, and what they say of each: for waves out of spectra, and for corrections of what is there."""

from torch import Tensor, nn

from multigan.plugins.audio.convnext import KERNEL, frame_blocks

__all__ = ["FrameNet"]


class FrameNet(nn.Module):
    """Blocks over frames: `(batch, inputs, frames)` to `(batch, frames, outputs)`.

    Args:
        inputs: channels in.
        width: channels between.
        blocks: how many.
        outputs: channels out.
        silent: whether the last layer begins at zero: a correction that begins at nothing.

    Source: Siuzdak 2024 (Vocos), section 3.2.
    """

    def __init__(self, inputs: int, width: int, blocks: int, outputs: int, *, silent: bool = True) -> None:
        super().__init__()
        self.first = nn.Conv1d(inputs, width, KERNEL, padding=KERNEL // 2)
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.blocks, self.out = frame_blocks(width, blocks), nn.Linear(width, outputs)
        if silent:
            nn.init.zeros_(self.out.weight)
            nn.init.zeros_(self.out.bias)
        self.reach = (blocks + 1) * (KERNEL // 2)

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, inputs, frames)` to `(batch, frames, outputs)`."""
        x = self.blocks(self.before(self.first(x).transpose(1, 2)).transpose(1, 2)).transpose(1, 2)
        out: Tensor = self.out(self.after(x))
        return out
