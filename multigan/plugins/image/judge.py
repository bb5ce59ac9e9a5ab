"""A small classifier of pictures, trained here, by which the modes of stacked pictures are counted."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.features.classifier_net import initialise
from multigan.features.kept import read_kept, write_kept
from multigan.plugins.image.stacked import mode_number

__all__ = ["Judge", "Net", "train_judge"]

EPOCHS = 12
BATCH = 64
LEARNING_RATE = 3e-3
HELD_OUT = 0.2
SHIFT_PIXELS = 1
RECIPE = f"3x3-32-64/{BATCH}/{LEARNING_RATE}/{HELD_OUT}/{SHIFT_PIXELS}"
"""All that decides the weights besides pictures, labels, seed and epochs: part of the cache's key."""


class Net(nn.Module):
    """Picture -> class scores: two 3 × 3 convolutions with pooling to a half each, one linear layer.

    Args:
        shape: `(1, height, width)`.
        classes: number of classes.
    """

    def __init__(self, shape: tuple[int, ...], classes: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 32, 3, padding=1), nn.Conv2d(32, 64, 3, padding=1)
        self.out = nn.Linear(64 * (shape[1] // 4) * (shape[2] // 4), classes)

    def forward(self, x: Tensor) -> Tensor:
        """x `(batch, 1, height, width)` in [-1, 1] -> scores `(batch, classes)`."""
        x = F.max_pool2d(F.relu(self.first(x)), 2)  # (B, 32, H/2, W/2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)  # (B, 64, H/4, W/4)
        scores: Tensor = self.out(x.flatten(1))
        return scores


@dataclass(frozen=True)
class Judge:
    """A trained classifier.

    Attributes:
        net: the classifier, frozen.
        classes: of one picture.
        accuracy: share of held-out pictures that it names rightly.
        held_out: how many pictures were held out.
    """

    net: Net
    classes: int
    accuracy: float
    held_out: int

    @torch.no_grad()
    def modes(self, x: Tensor, chunk: int = 500) -> Tensor:
        """Stacked pictures `(n, channels, height, width)` in [-1, 1] -> numbers of their modes, int64 `(n,)`.

        Every channel is classified by itself; the largest score counts, however small.
        """
        channels = x.shape[1]
        singles = x.flatten(0, 1)[:, None]  # (n·channels, 1, H, W)
        labels = torch.cat([self.net(part).argmax(1) for part in singles.split(chunk)])
        return mode_number(labels.view(-1, channels), self.classes)


def train_judge(
    images: Tensor, labels: Tensor, *, seed: int = 0, epochs: int = EPOCHS, cache: Path | None = None
) -> Judge:
    """Train a classifier on four fifths of labelled pictures and measure it on the rest.

    Args:
        images: uint8 `(n, 1, height, width)`, sides of 4 pixels or more.
        labels: int64 `(n,)`.
        seed: of the split, the initial weights and the order.
        epochs: passes over the training part, each batch moved by up to one pixel.
        cache: folder where the classifier is kept, under a hash of all that decides it; None = nowhere.

    Raises:
        DataError: fewer than two classes, or too few pictures to hold some out.

    Source: none: a plain convolutional net with Adam (Kingma & Ba 2015). Published tables use classifiers of their own;
        what this one confuses is counted alike for every generator that it judges.
    """
    classes = int(labels.max()) + 1 if len(labels) else 0
    held_out = int(len(images) * HELD_OUT)
    if classes < 2 or held_out < 1:
        raise DataError(
            f"{counted(len(images), 'picture')} of {counted(classes, 'class', 'classes')}",
            "some of two classes or more",
            "add pictures",
        )
    file = cache / f"{_key(images, labels, seed, epochs)}.safetensors" if cache else None
    net = Net(tuple(images.shape[1:]), classes)
    accuracy = read_kept(net, file) if file else None
    if accuracy is None:
        order = torch.randperm(len(images), generator=Draw(seed).generator("judge/split"))
        kept, out = order[held_out:], order[:held_out]
        x = images.float() / 127.5 - 1
        _fit(net, x[kept], labels[kept], seed, epochs)
        with torch.no_grad():
            scores = torch.cat([net(part) for part in x[out].split(500)])
        accuracy = (scores.argmax(1) == labels[out]).double().mean().item()
        if file:
            write_kept(net, file, accuracy)
    return Judge(net.eval().requires_grad_(False), classes, accuracy, held_out)


def _fit(net: Net, x: Tensor, labels: Tensor, seed: int, epochs: int) -> None:
    initialise(net, Draw(seed).generator("judge/weights"))
    optimizer = torch.optim.Adam(net.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for epoch in range(epochs):
        draw = Draw(seed, epoch)
        order = torch.randperm(len(x), generator=draw.generator("judge/order"))
        for number, rows in enumerate(order.split(BATCH)):
            down, right = draw.integers(f"judge/shift/{number}", -SHIFT_PIXELS, SHIFT_PIXELS + 1, (2,)).tolist()
            moved = x[rows].roll((down, right), (2, 3))
            optimizer.zero_grad()
            F.cross_entropy(net(moved), labels[rows]).backward()
            optimizer.step()
        schedule.step()


def _key(images: Tensor, labels: Tensor, seed: int, epochs: int) -> str:
    key = hashlib.blake2b(f"{RECIPE}|{seed}|{epochs}|{tuple(images.shape)}".encode(), digest_size=16)
    key.update(images.contiguous().numpy().tobytes())
    key.update(labels.contiguous().numpy().tobytes())
    return key.hexdigest()
