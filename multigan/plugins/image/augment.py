"""Augmentations of pictures `(batch, channels, height, width)` in [-1, 1].

Source: Zhao et al. 2020 (DiffAugment), section 3, for translation (an eighth), cutout (half the side) and colour.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from multigan.augment.moves import shift, span
from multigan.core.draw import Draw
from multigan.core.types import Augmentation

__all__ = ["AUGMENTATIONS", "POLICY", "colour", "cutout", "flip", "translate"]


def translate(x: Tensor, draw: Draw) -> Tensor:
    """Move up to an eighth of a side, zeros coming in."""
    for axis, purpose in ((2, "rows"), (3, "columns")):
        reach = max(1, x.shape[axis] // 8)
        x = shift(x, draw.integers(purpose, -reach, reach + 1, (len(x),)).to(x.device), axis)
    return x


def cutout(x: Tensor, draw: Draw) -> Tensor:
    """Zero a rectangle of half the height and width; parts of it may lie outside."""
    inside = []
    for axis, purpose in ((2, "rows"), (3, "columns")):
        size = x.shape[axis]
        length = max(1, size // 2)
        start = draw.integers(purpose, -(length // 2), size - length // 2, (len(x),)).to(x.device)
        inside.append(span(start, length, size))
    hole = inside[0][:, None, :, None] & inside[1][:, None, None, :]
    return x * (~hole).to(x)


def colour(x: Tensor, draw: Draw) -> Tensor:
    """Brightness by up to ±.5, saturation by a factor in [0, 2), contrast by one in [.5, 1.5)."""
    brightness, saturation, contrast = (
        draw.uniform(purpose, (len(x), 1, 1, 1)).to(x) for purpose in ("brightness", "saturation", "contrast")
    )
    x = x + (brightness - 0.5)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (2 * saturation)
    level = x.mean((1, 2, 3), keepdim=True)
    return level + (x - level) * (contrast + 0.5)


def flip(x: Tensor, draw: Draw) -> Tensor:
    """Mirror left and right with probability 1/2; only for data where both are equally likely."""
    mirrored = draw.uniform("flip", (len(x), 1, 1, 1)).to(x.device) < 0.5
    return torch.where(mirrored, x.flip(3), x)


AUGMENTATIONS: Mapping[str, Augmentation] = {"colour": colour, "cutout": cutout, "flip": flip, "translate": translate}
POLICY = ("colour", "translate", "cutout")
