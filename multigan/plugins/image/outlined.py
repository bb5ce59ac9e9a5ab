"""Digits, and digits as outlines in colour: two sets without pairs, whose truth is known."""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["PART_OF", "Part", "outlined", "plain"]


class Part(NamedTuple):
    """Every second digit.

    Attributes:
        first: number of the first one.
        outlined: whether they are shown as outlines.
    """

    first: int
    outlined: bool


PART_OF = {"plain-digits": Part(0, outlined=False), "outlined-digits": Part(1, outlined=True)}
"""Sets that share no digit."""
PAPER, LINE = (255, 220, 40), (20, 40, 200)
"""Yellow and blue, as red, green and blue."""


def plain(digits: Tensor) -> Tensor:
    """uint8 `(n, 1, h, w)`, bright on dark -> the same in three channels."""
    return digits.repeat(1, 3, 1, 1)


def outlined(digits: Tensor) -> Tensor:
    """uint8 `(n, 1, h, w)`, bright on dark -> uint8 `(n, 3, h, w)`: their outlines, blue on yellow.

    The outline is the largest value among a pixel and its eight neighbours, less the pixel's own (the outer gradient of
    grey-value morphology). It is no symmetry of the digits: only shapes tell which outline belongs to which digit.
    """
    ink = digits.float() / 255
    edge = (F.max_pool2d(ink, 3, 1, 1) - ink).clamp(0, 1)
    paper, line = (torch.tensor(colour, dtype=torch.float32)[:, None, None] for colour in (PAPER, LINE))
    return (paper + (line - paper) * edge).round().to(torch.uint8)
