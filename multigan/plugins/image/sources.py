"""Where batches of pictures come from: one tensor in memory, or files that are read when they are needed."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.owners import mirrored_of, owners_of
from multigan.core.types import Data, Items, Spec
from multigan.plugins.image.halves import Half

__all__ = ["FilePictures", "Jittered", "Options", "Pictures", "set_of"]


class Options(NamedTuple):
    """See `ImageModality.load`."""

    size: int | tuple[int, int] = 0
    channels: str | int = "auto"
    fit: str = "crop"
    flip: bool = False
    root: str = "data"
    stack: int = 0
    half: Half = "whole"
    jitter: int = 0
    column: str = ""
    crops: int = 0


class Pictures:
    """Pictures in memory.

    Args:
        items: uint8 `(n, channels, height, width)`.
        flip: whether the second half are the mirror images of the first.
    """

    resident = True

    def __init__(self, items: Tensor, flip: bool = False) -> None:
        self.items = items
        own = len(items) // 2 if flip else max(len(items), 1)
        self.groups = torch.arange(len(items)) % own
        self.mirrored = torch.arange(len(items)) >= own

    def __len__(self) -> int:
        return len(self.items)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """uint8 `(batch, channels, height, width)`."""
        return self.items[indices]


class FilePictures:
    """Pictures read from their files when they are needed, for sets that do not fit into memory.

    Args:
        files: readable pictures; with `flip`, number n + i is the mirror image of number i.
        decode: file to uint8 `(channels, height, width)`.
        flip: whether mirror images count.
    """

    resident = False

    def __init__(self, files: Sequence[Any], decode: Callable[[Any], Tensor], flip: bool) -> None:
        self.files, self.decode, self.flip = files, decode, flip
        self.groups = torch.arange(len(self)) % len(files)
        self.mirrored = torch.arange(len(self)) >= len(files)

    def __len__(self) -> int:
        return len(self.files) * (2 if self.flip else 1)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """uint8 `(batch, channels, height, width)`.

        Raises:
            OSError: a file that could be read at first cannot be read now; it is named.
        """
        n = len(self.files)
        items = [self.decode(self.files[i % n]) for i in indices.tolist()]
        return torch.stack([item.flip(-1) if i >= n else item for i, item in zip(indices.tolist(), items, strict=True)])


class Jittered:
    """Pictures that are moved a little each time they are taken, their ends mirrored.

    The draw alone decides how far, so an input and its target, which are taken with equal draws, move together.

    Args:
        items: the pictures as they are.
        pixels: how far at most, to each side.

    Source: the jitter of Isola et al. 2017, section 6.2.
    Departures: ends are mirrored where theirs enlarge the picture.
    """

    def __init__(self, items: Items, pixels: int) -> None:
        self.items, self.pixels = items, pixels
        self.resident: bool = getattr(items, "resident", False)
        self.groups, self.mirrored = owners_of(items), mirrored_of(items)

    def __len__(self) -> int:
        return len(self.items)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """uint8 `(batch, channels, height, width)`."""
        raw = self.items.take(indices, draw)
        for axis, purpose in ((2, "jitter-rows"), (3, "jitter-columns")):
            side = raw.shape[axis]
            steps = draw.integers(purpose, -self.pixels, self.pixels + 1, (len(raw),))
            places = (torch.arange(side) + steps[:, None]).remainder(2 * side - 2)  # a mirror's period
            places = torch.where(places < side, places, 2 * side - 2 - places)
            shape = [len(raw), 1, 1, 1]
            shape[axis] = side
            raw = raw.gather(axis, places.view(shape).expand(raw.shape))
        return raw


def set_of(items: Items, labels: Tensor | None, spec: Spec, report: Sequence[str], flip: bool) -> Data:
    """A data set, with the mirror image of every picture where `flip` asks for it.

    Args:
        items: `Pictures` without mirror images, or `FilePictures` that know of them.
        labels: int64 `(n,)` of the pictures themselves, or None.
        spec: what one sample is.
        report: lines for people.
        flip: whether mirror images count.
    """
    if flip and isinstance(items, Pictures):
        items = Pictures(torch.cat([items.items, items.items.flip(-1)]), flip)
    if flip:
        labels = None if labels is None else torch.cat([labels, labels])
        report = (*report, f"with mirror images: {len(items):,}")
    return Data(items, spec, labels, tuple(report))
