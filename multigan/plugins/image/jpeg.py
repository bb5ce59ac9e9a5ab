"""What JPEG does to pictures, on the device and with a gradient."""

import math
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["compressed"]

LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
CHROMINANCE = ((17, 18, 24, 47), (18, 21, 26, 66), (24, 26, 56, 99), (47, 66, 99, 99))
"""Upper left quarter; 99 everywhere else."""
TO_YCC = ((0.299, 0.587, 0.114), (-0.168735892, -0.331264108, 0.5), (0.5, -0.418687589, -0.081312411))


def compressed(x: Tensor, quality: Tensor) -> Tensor:
    """Pictures as they come back from JPEG files.

    Args:
        x: `(batch, channels, height, width)` in [-1, 1]; three channels are red, green and blue, their colours kept at
            half of the size; of others each is compressed as brightness is.
        quality: `(batch,)`, 1 to 100, as in libjpeg.

    Returns:
        `x`'s shape. The gradient passes rounding as if there were none.

    Source: ITU-T T.81 (1992), Annexes A and K.1; scales of the tables as in libjpeg's `jpeg_quality_scaling`.
    """
    height, width = x.shape[2:]
    levels = _rounded((x.clamp(-1, 1) + 1) * 127.5)
    levels = F.pad(levels, (0, -width % 16, 0, -height % 16), mode="replicate")
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality).to(x)
    if x.shape[1] == 3:
        turn = x.new_tensor(TO_YCC)
        ycc = _rounded(torch.einsum("ij,bjhw->bihw", turn, levels - 128))  # the shift turns into one of Y alone
        light = _coded(ycc[:, :1], _table(x, scale, light=True))
        colours = _coded(_rounded(F.avg_pool2d(ycc[:, 1:], 2)), _table(x, scale, light=False))
        colours = _rounded(F.interpolate(colours, scale_factor=2, mode="bilinear", align_corners=False))
        levels = torch.einsum("ij,bjhw->bihw", torch.linalg.inv(turn), torch.cat([light, colours], 1)) + 128
    else:
        levels = _coded(levels - 128, _table(x, scale, light=True)) + 128
    return _rounded(levels[:, :, :height, :width]).clamp(0, 255) / 127.5 - 1


def _coded(levels: Tensor, table: Tensor) -> Tensor:
    """Blocks of 8 × 8 by their cosines, rounded to steps of `table` `(batch, 1, 1, 1, 8, 8)`, and back."""
    cosines = _cosines().to(levels)
    blocks = levels.unflatten(3, (-1, 8)).unflatten(2, (-1, 8)).transpose(3, 4)  # (B, C, rows, columns, 8, 8)
    steps = cosines @ blocks @ cosines.T / table
    back = _rounded(cosines.T @ (_rounded(steps) * table) @ cosines)
    return back.transpose(3, 4).flatten(4, 5).flatten(2, 3)


def _rounded(x: Tensor) -> Tensor:
    """Whole numbers, with the gradient of x."""
    return x + (x.round() - x).detach()


def _table(x: Tensor, scale: Tensor, *, light: bool) -> Tensor:
    """Steps of the cosines of each picture, `(batch, 1, 1, 1, 8, 8)`."""
    base = x.new_tensor(LUMINANCE)
    if not light:
        base = torch.full_like(base, 99)
        base[:4, :4] = x.new_tensor(CHROMINANCE)
    return ((base * scale.view(-1, 1, 1, 1, 1, 1) + 50) / 100).floor().clamp(1, 255)


@cache
def _cosines() -> Tensor:
    """The orthonormal cosine transform of 8 values, `(8, 8)`."""
    rows, columns = torch.arange(8.0)[:, None], torch.arange(8.0)
    turned = torch.cos((2 * columns + 1) * rows * (math.pi / 16)) / 2
    turned[0] /= math.sqrt(2)
    return turned
