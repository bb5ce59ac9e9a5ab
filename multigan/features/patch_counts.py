"""Counts of patches of a picture, and of patches of these patches, at its own size and at half of it."""

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.features.patches import Patches, counts_of, widened

__all__ = ["PatchCounts"]

SIDE, REAL, NOISE = 6, 46, 2
SECOND_SIDE, SECOND = 3, 48
SCALES = (1, 2)
POOLS = ((4, 2), (2, 2))
"""By scale: size and stride of the squares over which answers are averaged before patches of them are looked at."""
ROOM = 0.1
"""Added to averaged answers before their root, whose slope at 0 it bounds."""
DRAWN_FROM = 256
"""Pictures from which patches of patches are drawn; their maps have to lie in memory at once."""
PLACES = 64
"""Most places a side at which patches are looked at; larger pictures are looked at in strides."""


class PatchCounts(nn.Module):
    """Means of both rectified answers, and deviations of the answers, of two layers of patches at two scales.

    At each scale 46 patches of 6 × 6 pixels are drawn from reals and whitened, 2 more are noise. Their answers, means
    over squares and brought to their root, are maps, of which 48 patches of 3 × 3 places are drawn likewise: what lies
    next to what, over 13 pixels a side at the first scale and 22 at the second.

    Args:
        channels: of the pictures.

    Source: Coates & Ng 2011 (see `Patches`) and their Selecting receptive fields in deep networks, 2011, for the second
    layer on pooled answers. Departures: all answers are seen by all patches, deviations too, pooled over the whole
    picture.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.ModuleList([Patches(channels, SIDE, REAL, NOISE) for _ in SCALES])
        self.second = nn.ModuleList([Patches(2 * (REAL + NOISE), SECOND_SIDE, SECOND) for _ in SCALES])

    @property
    def dim(self) -> int:
        """Length of a row of `seen`."""
        return 3 * (REAL + NOISE + SECOND) * len(SCALES)

    @torch.no_grad()
    def draw_from(self, x: Tensor, draw: Draw) -> None:
        """Take all filters from pictures `(n, channels, height, width)`."""
        for number, (first, second) in enumerate(zip(self.first, self.second, strict=True)):
            own = draw.child(f"scale-{number}")
            layers = cast(Patches, first), cast(Patches, second)
            layers[0].draw_from(_smaller(x, SCALES[number]), own)
            layers[1].draw_from(_maps(self._over(x[:DRAWN_FROM], number).relu_(), number), own.child("second"))

    def seen(self, x: Tensor) -> Tensor:
        """x `(batch, channels, height, width)` -> `(batch, dim)`, none negative; second layers first."""
        first, further = [], []
        for number, second in enumerate(self.second):
            counts, over = counts_of(self._over(x, number))
            first.append(counts)
            further.append(counts_of(second(_maps(over, number)))[0])
        return torch.cat([*further, *first], 1)

    def _over(self, x: Tensor, number: int) -> Tensor:
        x = _smaller(x, SCALES[number]).contiguous(memory_format=torch.channels_last)
        over: Tensor = self.first[number](x, max(1, -(-max(x.shape[2:]) // PLACES)))
        return over


def _maps(over: Tensor, number: int) -> Tensor:
    """What patches of patches are looked for in."""
    size, stride = POOLS[number]
    return (F.avg_pool2d(widened(over, size), size, stride) + ROOM).sqrt()


def _smaller(x: Tensor, scale: int) -> Tensor:
    return F.avg_pool2d(x, scale, ceil_mode=True) if scale > 1 else x
