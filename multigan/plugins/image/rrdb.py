"""A larger picture from a small one by dense residual blocks: bicubic interpolation and a correction from zero."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size

__all__ = ["RRDBNet", "build_rrdb"]

SCALE = 0.2
"""Of what a block adds to its input."""
INNER = 4
"""Times that the net itself enlarges; for smaller factors its input is folded into channels first."""


class _Dense(nn.Module):
    """Five convolutions, each of which sees the outputs of all before it; a fifth of the last is added to the input."""

    def __init__(self, width: int, growth: int) -> None:
        super().__init__()
        sizes = [growth] * 4 + [width]
        self.layers = nn.ModuleList(nn.Conv2d(width + k * growth, size, 3, 1, 1) for k, size in enumerate(sizes))
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight)  # type: ignore[arg-type]
            with torch.no_grad():
                layer.weight.mul_(0.1)  # type: ignore[operator]
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        seen = [x]
        for layer in self.layers[:-1]:
            seen.append(F.leaky_relu(layer(torch.cat(seen, 1)), 0.2))
        added: Tensor = self.layers[-1](torch.cat(seen, 1))
        return x + SCALE * added


class _Block(nn.Module):
    """Three dense blocks inside a residual one."""

    def __init__(self, width: int, growth: int) -> None:
        super().__init__()
        self.body = nn.Sequential(*(_Dense(width, growth) for _ in range(3)))

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.body(x)
        return x + SCALE * added


class RRDBNet(nn.Module):
    """Picture -> picture whose sides are `factor` times as long.

    Args:
        channels: of both pictures.
        width: feature maps.
        blocks: residual-in-residual dense blocks.
        growth: feature maps that each dense layer adds.
        factor: of both sides: 1, 2 or 4.

    Attributes:
        multiple: of pixels of the input, by which parts of a picture may be moved without a change.

    Source: ESRGAN (Wang et al. 2018, section 3.1) as RRDBNet of Real-ESRGAN (Wang et al. 2021; factors 1 and 2 by
    pixel-unshuffling): 16,697,987 parameters with 23 blocks, width 64, growth 32, 3 channels and factor 4.
    Departures: their output is added to the bicubic picture and the last convolution begins at zero, so that the
    untrained net is bicubic interpolation (the input itself, for factor 1) bit for bit; odd sides are repeated at
    their end where they have to be folded, and cut again.
    """

    def __init__(self, channels: int, width: int, blocks: int, growth: int, factor: int) -> None:
        super().__init__()
        self.latent, self.factor, self.multiple = Latent((0,)), factor, INNER // factor
        self.first = nn.Conv2d(channels * self.multiple**2, width, 3, 1, 1)
        self.body = nn.Sequential(*(_Block(width, growth) for _ in range(blocks)))
        self.after = nn.Conv2d(width, width, 3, 1, 1)
        self.up = nn.ModuleList(nn.Conv2d(width, width, 3, 1, 1) for _ in range(2))
        self.large = nn.Conv2d(width, width, 3, 1, 1)
        self.last = nn.Conv2d(width, channels, 3, 1, 1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Inputs `(batch, channels, height, width)` -> `(batch, channels, factor height, factor width)`; z is empty."""
        size = (source.shape[2] * self.factor, source.shape[3] * self.factor)
        base = source
        if self.factor > 1:
            base = F.interpolate(source, size=size, mode="bicubic", align_corners=False)
        more = [-side % self.multiple for side in source.shape[2:]]
        x = F.pad(source, (0, more[1], 0, more[0]), mode="replicate") if any(more) else source
        x = self.first(F.pixel_unshuffle(x, self.multiple))
        x = x + self.after(self.body(x))
        for layer in self.up:
            x = F.leaky_relu(layer(F.interpolate(x, scale_factor=2, mode="nearest")), 0.2)
        corrected: Tensor = self.last(F.leaky_relu(self.large(x), 0.2))
        return base + corrected[:, :, : size[0], : size[1]]


def build_rrdb(
    spec: Spec,
    source: Spec,
    *,
    width: Size = 32,
    blocks: Annotated[int, Field(ge=1, le=100)] = 3,
    growth: Size = 16,
) -> RRDBNet:
    """Dense residual blocks from pictures like `source` to pictures like `spec`.

    Raises:
        RecipeError: the sides of the one are not 1, 2 or 4 times the other's, or the channels are others.
    """
    factor = spec.shape[1] // source.shape[1]
    larger = (source.shape[0], source.shape[1] * factor, source.shape[2] * factor)
    if factor not in (1, 2, 4) or spec.shape != larger:
        given = f"inputs of {source.shape} for pictures of {spec.shape}"
        expected = "equal channels, and sides that are 1, 2 or 4 times the input's"
        raise RecipeError(given, expected, "use the net 'upscaler' for other multiples", key=["net"])
    return RRDBNet(spec.shape[0], width, blocks, growth, factor)
