"""Several labelled pictures as the colour channels of one: a set whose modes can be counted."""

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.types import Data, Spec

__all__ = ["STACKED_ITEMS", "StackedPictures", "mode_number", "stack"]

STACKED_ITEMS = 128_000
"""Items of a stacked set, the 128,000 of Lin et al. 2018 (PacGAN)."""


class StackedPictures:
    """Items that exist only as numbers: item i is a fixed choice of single pictures, one a channel.

    Args:
        singles: uint8 `(n, 1, height, width)`.
        channels: pictures in one item.
        items: how many items there are.
        seed: which choice; item i is a pure function of (seed, channels, items, i).
    """

    resident = True

    def __init__(self, singles: Tensor, channels: int, items: int = STACKED_ITEMS, seed: int = 0) -> None:
        self.singles = singles.squeeze(1)
        self.choice = Draw(seed).integers(f"stacked/{channels}", 0, len(singles), (items, channels))

    def __len__(self) -> int:
        return len(self.choice)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """uint8 `(batch, channels, height, width)`."""
        return self.singles[self.choice[indices]]


def mode_number(labels: Tensor, classes: int) -> Tensor:
    """Labels of the channels to the number of the mode, the first channel counting most.

    Args:
        labels: int64 `(n, channels)`, each in [0, classes).
        classes: classes of a single picture.

    Returns:
        int64 `(n,)` in [0, classes ** channels): with ten digits, labels (3, 0, 7) are mode 307.
    """
    place = classes ** torch.arange(labels.shape[1] - 1, -1, -1)
    return (labels * place).sum(1)


def stack(data: Data, channels: int, items: int = STACKED_ITEMS) -> Data:
    """A labelled set of one-channel pictures as a set of `classes ** channels` modes.

    Args:
        data: pictures in memory with one channel, and their labels.
        channels: single pictures in one item, 2 to 4.
        items: how many stacked items.

    Raises:
        DataError: no labels, pictures of several channels, or another number to stack.

    Source: Srivastava et al. 2017 (VEEGAN) and Lin et al. 2018 (PacGAN), stacked MNIST: three digits, drawn
        independently of each other. Departures: any number of channels; items are drawn when they are needed.
    """
    if data.labels is None:
        raise DataError(
            "stacked pictures without labels",
            "labels, by which modes are counted",
            "put the labels beside the pictures (t10k-labels-idx1-ubyte), or type --set data.stack=0",
            key=["stack"],
        )
    if data.spec.shape[0] != 1:
        raise DataError(
            f"pictures of {data.spec.shape[0]} channels", "one, to be stacked", "type --set data.channels=1"
        )
    if not 2 <= channels <= 4:
        raise DataError(
            f"data.stack = {channels}", "0 (not stacked), 2, 3 or 4", "type --set data.stack=3", key=["stack"]
        )
    stacked = StackedPictures(data.items.take(torch.arange(len(data.items)), Draw(0)), channels, items)
    labels = mode_number(data.labels[stacked.choice], len(data.spec.classes))
    modes = len(data.spec.classes) ** channels
    width = len(str(modes - 1))
    classes = tuple(f"{mode:0{width}d}" for mode in range(modes))
    line = (
        f"{channels} of them a picture, one a channel: {counted(items, 'stacked picture')} in {counted(modes, 'mode')}"
    )
    spec = Spec("image", (channels, *data.spec.shape[1:]), classes, {"stacked": channels, "modes": modes})
    return Data(stacked, spec, labels, (*data.report, line), data.files, data.root)
