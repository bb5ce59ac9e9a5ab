"""How often which small patches occur in a picture, at several scales and at its own resolution; nothing is trained."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw

__all__ = ["PatchCounts"]

SIDE = 6
FILTERS, DRAWN = 48, 2
"""In all, and those of them that are random: what no real patch has must be seen too."""
SCALES = (1, 2)
SAMPLED = 8000
FLOOR = 0.01
"""Of the largest variance, added to all before whitening."""
THRESHOLD = 0.5
PLACES = 64
"""Most places a side at which patches are looked at; larger pictures are looked at in strides."""


class PatchCounts(nn.Module):
    """Patches of reals as filters on whitened pictures: means of both rectified answers, deviations of the answers.

    At each scale 46 patches of 6 × 6 pixels are drawn from reals and whitened, 2 more are noise: what reals never have
    must be seen too. All are brought to length 1.

    Args:
        channels: of the pictures.

    Source: Coates & Ng 2011 (The importance of encoding versus training with sparse coding and vector quantization):
    random patches as dictionary, whitening, soft threshold. Departures: random filters and deviations too,
    pooled over the whole picture.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        for number in range(len(SCALES)):
            self.register_buffer(f"filters_{number}", torch.zeros(FILTERS, channels, SIDE, SIDE))
            self.register_buffer(f"offsets_{number}", torch.zeros(FILTERS))

    @property
    def dim(self) -> int:
        """Length of a row of `seen`."""
        return 3 * FILTERS * len(SCALES)

    @torch.no_grad()
    def draw_from(self, x: Tensor, draw: Draw) -> None:
        """Take the filters from pictures `(n, channels, height, width)`."""
        for number, scale in enumerate(SCALES):
            own = draw.child(f"scale-{number}")
            patches = _sampled(_scaled(x, scale), own).double()
            mean = patches.mean(0)
            values, vectors = torch.linalg.eigh((patches - mean).T @ (patches - mean) / len(patches))
            white = (vectors / (values.clamp_min(0) + FLOOR * values.max() + 1e-12).sqrt()) @ vectors.T
            noise = own.normal("drawn", (DRAWN, patches.shape[1])).double()
            found = torch.cat([(patches[: FILTERS - DRAWN] - mean) @ white, noise])
            chosen = F.normalize(found, dim=1) @ white
            getattr(self, f"filters_{number}").copy_(chosen.view(FILTERS, x.shape[1], SIDE, SIDE))
            getattr(self, f"offsets_{number}").copy_(-chosen @ mean)

    def seen(self, x: Tensor) -> Tensor:
        """x `(batch, channels, height, width)` -> `(batch, dim)`."""
        found = []
        for number, scale in enumerate(SCALES):
            filters, offsets = getattr(self, f"filters_{number}"), getattr(self, f"offsets_{number}")
            seen = _scaled(x, scale)
            answers = F.conv2d(seen, filters, offsets, stride=max(1, -(-max(seen.shape[2:]) // PLACES))).flatten(2)
            found += [F.relu(answers - THRESHOLD).mean(2), F.relu(-answers - THRESHOLD).mean(2)]
            found.append(answers.std(2, correction=0))
        return torch.cat(found, 1)


def _scaled(x: Tensor, scale: int) -> Tensor:
    """Pictures made smaller by a whole factor, at least one patch in size."""
    if scale > 1:
        x = F.avg_pool2d(x, scale, ceil_mode=True)
    down, right = (max(0, SIDE - side) for side in x.shape[2:])
    return F.pad(x, (0, right, 0, down), mode="replicate") if down or right else x


def _sampled(x: Tensor, draw: Draw) -> Tensor:
    """Patches from anywhere, `(8000, channels * 36)`."""
    sizes: Sequence[int] = (len(x), x.shape[2] - SIDE + 1, x.shape[3] - SIDE + 1)
    which, down, right = (
        torch.randint(size, (SAMPLED, 1, 1), generator=draw.generator(f"place-{axis}"))
        for axis, size in enumerate(sizes)
    )
    at = torch.arange(SIDE)
    return x.permute(0, 2, 3, 1)[which, down + at[:, None], right + at].permute(0, 3, 1, 2).flatten(1)
