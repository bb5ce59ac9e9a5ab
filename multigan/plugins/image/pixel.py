"""Real-ESRGAN's discriminator: a U-Net that says of every pixel whether it is real."""

from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.types import Critique, Spec
from multigan.nets.sizes import Size

__all__ = ["PixelD", "build_pixel"]

DEPTH = 3
"""Times that the picture is halved, and enlarged again."""


class PixelD(nn.Module):
    """Picture -> one logit a pixel.

    Three strided convolutions down, three times bilinear interpolation and a convolution up; what was seen at each size
    on the way down is added on the way up.

    Args:
        inputs: channels of what D sees.
        width: feature maps of the first layer; 8 times as many at the bottom.

    Source: Wang et al. 2021 (Real-ESRGAN, section 3.3), UNetDiscriminatorSN of their code: 4,376,897 parameters with 3
    channels and width 64. Departures: maps are enlarged to the size that they are added to, so that sides need not be
    multiples of 8; their spectral norm, of all layers but the first and the last, is `D.spectral_norm`, of all layers.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        maps = [width * 2**k for k in range(DEPTH + 1)]
        self.first = nn.Conv2d(inputs, width, 3, 1, 1)
        self.down = nn.ModuleList(nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False) for m in maps[:-1])
        self.up = nn.ModuleList(nn.Conv2d(2 * m, m, 3, 1, 1, bias=False) for m in reversed(maps[:-1]))
        self.last = nn.ModuleList(nn.Conv2d(width, width, 3, 1, 1, bias=False) for _ in range(2))
        self.out = nn.Conv2d(width, 1, 3, 1, 1)

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x `(batch, channels, height, width)`, sides of 8 and more -> logits `(batch, height, width)` and features."""
        x = F.leaky_relu(self.first(x), 0.2)
        seen = [x]
        for conv in self.down:
            seen.append(F.leaky_relu(conv(seen[-1]), 0.2))
        x, *skips = reversed(seen)
        features = [*seen]
        for conv, skip in zip(self.up, skips, strict=True):
            large = F.interpolate(x, skip.shape[-2:], mode="bilinear", align_corners=False)
            x = F.leaky_relu(conv(large), 0.2) + skip
            features.append(x)
        for conv in self.last:
            x = F.leaky_relu(conv(x), 0.2)
        return Critique((self.out(x).squeeze(1),), tuple(features))


def build_pixel(spec: Spec, *, width: Size = 64) -> PixelD:
    """A U-Net discriminator with a logit for every pixel."""
    return PixelD(spec.shape[0], width)
