"""Augmentations of points `(batch, 2)` whose centre is the origin and whose spread is about 1."""

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Augmentation

__all__ = ["AUGMENTATIONS", "POLICY", "jitter", "rotate"]

LARGEST_ANGLE = math.pi / 18  # 10 degrees
JITTER = 0.02


def rotate(x: Tensor, draw: Draw) -> Tensor:
    """Turn every point around the origin by up to ±10 degrees."""
    angle = (2 * draw.uniform("angle", (len(x),)).to(x) - 1) * LARGEST_ANGLE
    cos, sin = angle.cos(), angle.sin()
    return torch.stack([cos * x[:, 0] - sin * x[:, 1], sin * x[:, 0] + cos * x[:, 1]], 1)


def jitter(x: Tensor, draw: Draw) -> Tensor:
    """Add N(0, .02²)."""
    return x + JITTER * draw.normal("jitter", tuple(x.shape)).to(x)


AUGMENTATIONS: Mapping[str, Augmentation] = {"jitter": jitter, "rotate": rotate}
POLICY = ("rotate", "jitter")
