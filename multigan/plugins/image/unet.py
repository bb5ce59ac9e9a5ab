"""pix2pix's generator: an encoder, a decoder, and every stage of the one joined to that of the other."""

from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size
from multigan.plugins.image.degrade import HOLE

__all__ = ["Norm", "UNet", "build_unet", "depth_of", "mirrored"]

Norm = Literal["instance", "batch", "none"]


class UNet(nn.Module):
    """Picture -> picture of the same size.

    Args:
        inputs: channels of an input.
        outputs: channels of a sample.
        width: feature maps of the first stage; they double up to eight times as many.
        downs: stages; the last one's map is `2 ** downs` times smaller than the picture.
        norm: `"instance"` (with scale and shift), `"batch"` or `"none"`.
        dropout: on the innermost three stages that have most maps; 0 = off.
        hole: whether the input's last channel marks what is missing; then known values are copied as they are.

    Source: Isola et al. 2017, section 6.1.1, as in their code. With 8 stages, width 64 and BatchNorm 54,413,955
    parameters.
    Departures: instance normalisation with scale and shift and no dropout by default, so that training and use compute
    the same; sides that are no multiple of `multiple` are mirrored at their ends, and cut again.
    """

    def __init__(
        self, inputs: int, outputs: int, width: int, downs: int, norm: Norm, dropout: float = 0.0, *, hole: bool = False
    ) -> None:
        super().__init__()
        self.latent, self.hole, self.multiple = Latent((0,)), hole, 2**downs
        maps = [width * min(8, 2**k) for k in range(downs)]
        bias = norm != "batch"
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for k, size in enumerate(maps):
            conv = nn.Conv2d(inputs if k == 0 else maps[k - 1], size, 4, 2, 1, bias=bias)
            normed = [_norm(norm, size)] if 0 < k < downs - 1 else []
            self.down.append(nn.Sequential(*([nn.LeakyReLU(0.2)] if k else []), conv, *normed))
        for k in reversed(range(downs)):
            before = maps[k] * (1 if k == downs - 1 else 2)
            after = outputs if k == 0 else maps[k - 1]
            conv_up = nn.ConvTranspose2d(before, after, 4, 2, 1, bias=bias or k == 0)
            drops = [nn.Dropout(dropout)] if dropout and 4 <= k < downs - 1 else []
            self.up.append(nn.Sequential(nn.ReLU(), conv_up, *([_norm(norm, after), *drops] if k else [nn.Tanh()])))
        _initialise(self)

    def silence(self) -> None:
        """Have its last layer begin at zero, so that whatever it is given, it gives 0 until it has learnt."""
        last = [module for module in self.modules() if isinstance(module, nn.ConvTranspose2d)][-1]
        nn.init.zeros_(last.weight)

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Inputs `(batch, inputs, height, width)` -> `(batch, outputs, height, width)` in [-1, 1]; z is empty."""
        x, (height, width) = mirrored(source, self.multiple), source.shape[2:]
        stages = []
        for down in self.down:
            x = down(x)
            stages.append(x)
        x = self.up[0](stages.pop())
        for up in self.up[1:]:
            x = up(torch.cat([stages.pop(), x], 1))
        x = x[:, :, :height, :width]
        return torch.where(source[:, -1:] > 0.5, x, source[:, :-1]) if self.hole else x


def build_unet(
    spec: Spec,
    source: Spec,
    *,
    width: Size = 16,
    downs: Annotated[int, Field(ge=0, le=12)] = 0,
    norm: Norm = "instance",
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0,
) -> UNet:
    """A U-Net from pictures like `source` to pictures like `spec`; `downs` = 0: down to 2 pixels or a little more.

    Raises:
        RecipeError: the two have other sizes.
    """
    if spec.shape[1:] != source.shape[1:]:
        given = f"inputs of {source.shape[2]} × {source.shape[1]} for pictures of {spec.shape[2]} × {spec.shape[1]}"
        raise RecipeError(given, "one size for both", "type --set data.size=N, or use the net 'upscaler'", key=["net"])
    downs = downs or depth_of(spec)
    hole = bool(source.meta.get(HOLE)) and source.shape[0] == spec.shape[0] + 1
    return UNet(source.shape[0], spec.shape[0], width, downs, norm, dropout, hole=hole)


def depth_of(spec: Spec) -> int:
    """Stages that bring pictures like `spec` down to 2 pixels or a little more."""
    return max(1, (min(spec.shape[1:]) // 2).bit_length() - 1)


def mirrored(x: Tensor, multiple: int) -> Tensor:
    """x `(batch, channels, height, width)` with its right and lower ends mirrored up to multiples.

    What is too small to be mirrored repeats its last row or column.
    """
    right, down = -x.shape[3] % multiple, -x.shape[2] % multiple
    if not right and not down:
        return x
    mode = "reflect" if right < x.shape[3] and down < x.shape[2] else "replicate"
    return F.pad(x, (0, right, 0, down), mode=mode)


def _norm(norm: Norm, maps: int) -> nn.Module:
    if norm == "none":
        return nn.Identity()
    return nn.BatchNorm2d(maps) if norm == "batch" else nn.InstanceNorm2d(maps, affine=True)


def _initialise(net: nn.Module) -> None:
    """N(0, 0.02), and N(1, 0.02) for scales, as in the paper's code."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d | nn.InstanceNorm2d):
            scale = isinstance(module, nn.BatchNorm2d | nn.InstanceNorm2d)
            nn.init.normal_(module.weight, 1.0 if scale else 0.0, 0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
