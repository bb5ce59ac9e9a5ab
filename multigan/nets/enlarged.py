"""Pictures that hold no more detail than ones of a fraction of their size, enlarged."""

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Tensor, nn

from multigan.nets.sizes import Size

__all__ = ["Enlarged", "Times", "times_of", "to_meta"]

Times = Size | Literal["auto"]
"""An option of nets: how often smaller reals were before they were enlarged, each side; "auto" = as the data says."""
KEY = "enlarged"
"""Key of `Spec.meta`: how often smaller all pictures were before they were enlarged, each side."""


def to_meta(own: tuple[int, int], size: tuple[int, int]) -> dict[str, int]:
    """For `Spec.meta`: pictures of `own` height and width, brought to `size`; empty where a side is no multiple."""
    times = size[0] // own[0]
    return {KEY: times} if times > 1 and size == (own[0] * times, own[1] * times) else {}


def times_of(meta: Mapping[str, Any], wish: Times = "auto") -> int:
    """What is wished, where it is a number, else what `to_meta` wrote; 1 = not enlarged, or not known."""
    return int(meta.get(KEY, 1)) if wish == "auto" else wish


class Enlarged(nn.Module):
    """Pictures before tanh -> means over squares, tanh, enlarged as reals were: bicubic, rows first, cut to [-1, 1].

    Reals that were enlarged before training, 8 × 8 digits to 16 × 16 say, fill a small part of the space of their
    size. A net that draws every pixel by itself leaves that part, by little and everywhere, and whoever knows reals
    tells its samples by that alone, however well they are shaped.

    Means are taken before tanh: means of what is saturated are grey, and have no gradient.

    Args:
        height: of the pictures, in pixels.
        width: likewise.
        times: how often smaller the pictures were before they were enlarged, each side; divides both.

    Source: the kernel is Pillow's and torch's bicubic one, a = -.5 (Keys 1981, equation 4).
    """

    def __init__(self, height: int, width: int, times: int) -> None:
        super().__init__()
        self.means = nn.AvgPool2d(times)
        # Enlarging is linear in each axis: one matrix a side is all of it, and every exporter knows products of them.
        self.rows: Tensor
        self.columns: Tensor
        self.register_buffer("rows", _enlarging(height, times), persistent=False)
        self.register_buffer("columns", _enlarging(width, times), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """x `(batch, channels, height, width)`, any range -> the same shape in [-1, 1]."""
        small = self.means(x).tanh()
        # Pillow cuts after rows as well, where edges overshoot: without it pixels are up to 21 of 255 from reals'.
        wide = (small @ self.columns.to(x.dtype).T).clamp(-1, 1)
        large: Tensor = self.rows.to(x.dtype) @ wide
        return large.clamp(-1, 1)


def _enlarging(side: int, times: int) -> Tensor:
    """`(side, side / times)`: what each pixel takes of those of the small picture."""
    small = side // times
    # As a picture of several columns: torch 2.11 gives every row the weights of the first where there is one column.
    unit = torch.eye(small, dtype=torch.float64)[None, None]
    large = nn.functional.interpolate(unit, (side, small), mode="bicubic", align_corners=False, antialias=True)
    return large[0, 0].float()
