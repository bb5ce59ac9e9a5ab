"""pix2pix's discriminator: a logit for every patch, no matter how large the picture."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Critique, Spec
from multigan.nets.sizes import Size

__all__ = ["PatchD", "build_patch", "receptive_field"]

Norm = Literal["instance", "batch", "none"]


class PatchD(nn.Module):
    """Picture -> one logit a patch.

    Args:
        inputs: channels of what D sees.
        width: feature maps of the first layer.
        layers: of stride 2; 0 = the paper's PixelGAN, which sees single pixels.
        norm: `"instance"` (with scale and shift), `"batch"` or `"none"`.

    Source: Isola et al. 2017, section 6.1.2, as in their code. With 3 layers, width 64, BatchNorm and 6 channels
    2,768,705 parameters and patches of 70 × 70 pixels.
    """

    def __init__(self, inputs: int, width: int, layers: int, norm: Norm) -> None:
        super().__init__()
        kernel, pad = (4, 1) if layers else (1, 0)
        maps = [inputs, *(width * min(8, 2**k) for k in range(max(layers, 1) + 1))]
        blocks = []
        for k, (before, after) in enumerate(pairwise(maps)):
            normed = k > 0 and norm != "none"
            conv = nn.Conv2d(before, after, kernel, 2 if k < layers else 1, pad, bias=not (normed and norm == "batch"))
            norms = [nn.BatchNorm2d(after) if norm == "batch" else nn.InstanceNorm2d(after, affine=True)]
            blocks.append(nn.Sequential(conv, *(norms if normed else []), nn.LeakyReLU(0.2)))
        self.blocks = nn.ModuleList(blocks)
        self.out = nn.Conv2d(maps[-1], 1, kernel, 1, pad, bias=bool(layers) or norm != "batch")
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.BatchNorm2d | nn.InstanceNorm2d):
                nn.init.normal_(module.weight, 0.0 if isinstance(module, nn.Conv2d) else 1.0, 0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x `(batch, channels, height, width)` -> logits `(batch, rows, columns)` and every block's output."""
        features = []
        for block in self.blocks:
            x = block(x)
            features.append(x)
        return Critique((self.out(x).squeeze(1),), tuple(features))


def build_patch(
    spec: Spec,
    *,
    width: Size = 64,
    layers: Annotated[int, Field(ge=-1, le=8)] = -1,
    norm: Norm = "instance",
) -> PatchD:
    """A patch discriminator; `layers` = -1: 3 from 128 pixels on, 2 from 48, 1 from 8, else single pixels."""
    side = min(spec.shape[1:])
    auto = next((n for n, least in ((3, 128), (2, 48), (1, 8)) if side >= least), 0)
    return PatchD(spec.shape[0], width, auto if layers < 0 else layers, norm)


def receptive_field(layers: int) -> int:
    """Side in pixels of the patch that one logit sees."""
    if not layers:
        return 1
    field = 1
    for stride in (1, 1, *[2] * layers):
        field = field * stride + 4 - stride
    return field
