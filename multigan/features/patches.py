"""How often which small patches occur in a picture, and which patches of these; nothing is trained."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw

__all__ = ["Patches", "counts_of", "widened"]

SAMPLED = 8000
FLOOR = 0.01
"""Of the largest variance, added to all before whitening."""
THRESHOLD = 0.5


class Patches(nn.Module):
    """Whitened patches as filters: an answer is high where a patch of the maps is like that of the filter.

    Args:
        channels: of the maps.
        side: of a patch, in places of the maps.
        real: how many filters are patches of what the filters are drawn from.
        noise: how many are random: what no real patch has must be seen too.

    Source: Coates & Ng 2011 (The importance of encoding versus training with sparse coding and vector quantization):
    random patches as dictionary, whitening. Departure: random filters too. All are brought to length 1.
    """

    filters: Tensor
    offsets: Tensor

    def __init__(self, channels: int, side: int, real: int, noise: int = 0) -> None:
        super().__init__()
        self.real, self.noise = real, noise
        self.register_buffer("filters", torch.zeros(real + noise, channels, side, side))
        self.register_buffer("offsets", torch.zeros(real + noise))

    @torch.no_grad()
    def draw_from(self, maps: Tensor, draw: Draw) -> None:
        """Take the filters from maps `(n, channels, height, width)`, none smaller than a patch."""
        patches = _sampled(maps, self.filters.shape[-1], draw).double()
        mean = patches.mean(0)
        values, vectors = torch.linalg.eigh((patches - mean).T @ (patches - mean) / len(patches))
        white = (vectors / (values.clamp_min(0) + FLOOR * values.max() + 1e-12).sqrt()) @ vectors.T
        found = (patches[: self.real] - mean) @ white
        if self.noise:
            found = torch.cat([found, draw.normal("drawn", (self.noise, patches.shape[1])).double()])
        chosen = F.normalize(found, dim=1) @ white
        self.filters.copy_(chosen.view_as(self.filters))
        self.offsets.copy_(-chosen @ mean)

    def forward(self, maps: Tensor, stride: int = 1) -> Tensor:
        """By how much answers are above .5, then by how much below -.5; negative where they are not.

        Args:
            maps: `(batch, channels, height, width)`; smaller ones than a patch are widened.
            stride: of the places that are looked at.

        Returns:
            `(batch, 2 * filters, rows, columns)`.

        Source: Coates & Ng 2011, soft threshold of either sign, before the negative part is cut off.
        """
        filters, offsets = torch.cat([self.filters, -self.filters]), torch.cat([self.offsets, -self.offsets])
        maps = widened(maps, self.filters.shape[-1])
        return F.conv2d(maps, filters, offsets - THRESHOLD, stride=stride)


def counts_of(over: Tensor) -> tuple[Tensor, Tensor]:
    """What is counted of answers over all places, and the answers' positive parts, written over them.

    Args:
        over: `(batch, 2 * filters, rows, columns)`, see `Patches`; it is changed.

    Returns:
        Means of the positive parts and deviations of the answers, `(batch, 3 * filters)`, none negative; `over`.
    """
    signed = over[:, : over.shape[1] // 2]
    # By moments, seven times as fast as `std`; deviations are about 1 and means small, so that nothing is lost.
    spread = (signed.square().mean((2, 3)) - signed.mean((2, 3)).square()).clamp_min(0).sqrt()
    over = over.relu_()
    return torch.cat([over.mean((2, 3)), spread], 1), over


def widened(maps: Tensor, side: int) -> Tensor:
    """Maps of at least this height and width: what is smaller goes on with its last row and column."""
    down, right = (max(0, side - size) for size in maps.shape[2:])
    return F.pad(maps, (0, right, 0, down), mode="replicate") if down or right else maps


def _sampled(maps: Tensor, side: int, draw: Draw) -> Tensor:
    """Patches from anywhere, `(8000, channels * side * side)`."""
    maps = widened(maps, side)
    sizes = (len(maps), maps.shape[2] - side + 1, maps.shape[3] - side + 1)
    which, down, right = (
        torch.randint(size, (SAMPLED, 1, 1), generator=draw.generator(f"place-{axis}"))
        for axis, size in enumerate(sizes)
    )
    at = torch.arange(side)
    return maps.permute(0, 2, 3, 1)[which, down + at[:, None], right + at].permute(0, 3, 1, 2).flatten(1)
