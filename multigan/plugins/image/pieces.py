"""Pictures cut into pieces: one painting becomes a set of its parts."""

import torch
from torch import Tensor
from torch.nn import functional as F

from multigan.core.draw import Draw

__all__ = ["ROOM", "cut"]

ROOM = 4
"""Sides of a picture, in sides of the pieces that it is cut into."""
LEAST, MOST = 1 / 4, 1 / 2
"""Sides of a piece, as shares of the picture's."""


def cut(pictures: Tensor, pieces: int) -> Tensor:
    """Pieces of pictures, brought to one size.

    Places and sizes are the same for picture number i of any set, so that an input and its target are cut alike.

    Args:
        pictures: uint8 `(n, channels, height, width)`, sides that are multiples of `ROOM`.
        pieces: of each picture.

    Returns:
        uint8 `(n * pieces, channels, height / ROOM, width / ROOM)`, those of one picture one after the other.
    """
    height, width = (side // ROOM for side in pictures.shape[2:])
    numbers = Draw(0, path="pieces/").uniform("places", (len(pictures) * pieces, 3)).tolist()
    return torch.stack([_one(pictures[k // pieces], (height, width), *one) for k, one in enumerate(numbers)])


def _one(picture: Tensor, size: tuple[int, int], share: float, down: float, right: float) -> Tensor:
    share = LEAST + (MOST - LEAST) * share
    sides = [round(share * side) for side in picture.shape[1:]]
    room = [side - own + 1 for side, own in zip(picture.shape[1:], sides, strict=True)]
    top, left = int(down * room[0]), int(right * room[1])
    piece = picture[None, :, top : top + sides[0], left : left + sides[1]].float()
    if piece.shape[2:] != size:
        piece = F.interpolate(piece, size=size, mode="bicubic", antialias=True)
    return piece[0].round().clamp(0, 255).to(torch.uint8)
