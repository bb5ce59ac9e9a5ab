"""DCGAN for any height, width and number of channels; at 64 × 64 it is the paper's net."""

import math
from collections.abc import Sequence
from typing import Literal

from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Critique, Latent, Spec
from multigan.nets.conditional_norm import Conditioned, Conditioning, class_norm
from multigan.nets.conditioning import ClassEmbedding, Projection
from multigan.nets.enlarged import Enlarged, Times, times_of
from multigan.nets.minibatch_std import MinibatchStd
from multigan.nets.sizes import Group, Size, SizeOrNone

__all__ = ["DcganD", "DcganG", "build_d", "build_g"]

Norm = Literal["batch", "none"]


class DcganG(nn.Module):
    """z -> picture: a 4 × 4 start (or smaller sides in proportion), then stride-2 transposed convolutions, tanh.

    Args:
        shape: `(channels, height, width)`; sides that are no multiple of a power of two are cut from the next larger.
        nz: size of z.
        width: feature maps of the last hidden layer; each earlier one has twice as many.
        norm: `"batch"` as in the paper, or `"none"`.
        up: `"transpose"` as in the paper, or `"nearest"` (nearest neighbours and a 3 × 3 convolution).
        classes: number of classes, 0 = unconditional.
        conditioning: `"concat"` joins the class to z; the others put a conditional norm in place of each `norm`.
        enlarged: how often smaller reals were before they were enlarged to these sides; see `Enlarged`. 1 = not at all.

    Raises:
        RecipeError: a side is no multiple of `enlarged`.

    Source: Radford et al. 2016, section 3 and figure 1. 64 × 64 × 3 with nz 100 and width 64 has 3,576,704 parameters.
    """

    def __init__(  # noqa: PLR0913  (each is an option of the recipe)
        self,
        shape: tuple[int, ...],
        nz: int,
        width: int,
        norm: Norm,
        up: str,
        classes: int = 0,
        conditioning: Conditioning = "concat",
        enlarged: int = 1,
    ) -> None:
        super().__init__()
        self.latent, self.shape = Latent((nz,)), shape
        start, stages = _plan(shape)
        maps = [width * 2 ** (stages - 1 - k) for k in range(stages)]
        self.embed = ClassEmbedding(classes, nz) if classes and conditioning == "concat" else None
        inputs = nz * (2 if self.embed else 1)
        if conditioning != "concat":
            norm = "none" if conditioning == "film" else "batch"
        bias = norm == "none"
        layers: list[nn.Module] = [nn.ConvTranspose2d(inputs, maps[0], start, bias=bias)]
        for k in range(1, stages):
            layers += [*_after(maps[k - 1], norm, classes, conditioning), *_up(maps[k - 1], maps[k], up, bias)]
        layers += [*_after(maps[-1], norm, classes, conditioning), *_up(maps[-1], shape[0], up, bias)]
        self.net, self.last = Conditioned(*layers), _last(shape[1:], enlarged)
        _initialise(self, norm)

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """z `(batch, nz)` -> `(batch, channels, height, width)` in [-1, 1]."""
        if self.embed is not None:
            z = self.embed(z, cond)
        x = self.net(z[:, :, None, None], cond)  # (B, C, H', W')
        _, height, width = self.shape
        top, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
        out: Tensor = self.last(x[:, :, top : top + height, left : left + width])
        return out


class DcganD(nn.Module):
    """Picture -> logit: stride-2 convolutions, leaky ReLUs, no pooling; the mirror of `DcganG`.

    Args:
        shape: `(channels, height, width)`.
        width: feature maps of the first layer.
        norm: `"batch"` or `"none"`.
        classes: number of classes, 0 = unconditional.
        minibatch_std: samples per group whose spread the last layer sees (Karras et al. 2018, section 3); 0 = off.
        hidden: units of a layer between the last feature map and the logit; 0 = none, as in the paper. Without it the
            logit is a sum over places, and on small pictures no layer can weigh one place by another.

    Source: Radford et al. 2016, section 3. 64 × 64 × 3 with width 64 has 2,765,568 parameters.
    Departures: returns logits, the sigmoid is part of the losses.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        width: int,
        norm: Norm,
        classes: int = 0,
        minibatch_std: int = 0,
        hidden: int = 0,
    ) -> None:
        super().__init__()
        start, stages = _plan(shape)
        maps = [width * 2**k for k in range(stages)]
        bias = norm == "none"
        self.pad = _padding(shape, start, stages)
        blocks = [nn.Sequential(nn.Conv2d(shape[0], maps[0], 4, 2, 1, bias=bias), nn.LeakyReLU(0.2, inplace=True))]
        for k in range(1, stages):
            conv = nn.Conv2d(maps[k - 1], maps[k], 4, 2, 1, bias=bias)
            blocks.append(
                nn.Sequential(
                    conv, *([nn.BatchNorm2d(maps[k])] if norm == "batch" else []), nn.LeakyReLU(0.2, inplace=True)
                )
            )
        self.blocks = nn.ModuleList(blocks)
        self.spread = MinibatchStd(minibatch_std) if minibatch_std else nn.Identity()
        self.out = _head(maps[-1] + bool(minibatch_std), start, hidden, bias)
        self.projection = Projection(classes, maps[-1]) if classes else None
        _initialise(self, norm)

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x `(batch, channels, height, width)` -> logits `(batch,)` and the activations of every block."""
        if any(self.pad):
            x = nn.functional.pad(x, self.pad, mode="replicate")
        features = []
        for block in self.blocks:
            x = block(x)  # (B, C·2, H/2, W/2)
            features.append(x)
        logits = self.out(self.spread(x)).flatten(1).squeeze(1)
        if self.projection is not None:
            logits = logits + self.projection(x.mean((2, 3)), cond)
        return Critique((logits,), tuple(features))


def build_g(  # noqa: PLR0913  (each is an option of the recipe)
    spec: Spec,
    *,
    nz: Size = 100,
    width: Size = 64,
    norm: Norm = "batch",
    up: Literal["transpose", "nearest"] = "transpose",
    conditional: bool = False,
    conditioning: Conditioning = "concat",
    enlarged: Times = 1,
) -> DcganG:
    """A DCGAN generator for `spec.shape`; `enlarged = "auto"` is what the data says of itself."""
    times = times_of(spec.meta, enlarged)
    return DcganG(spec.shape, nz, width, norm, up, len(spec.classes) if conditional else 0, conditioning, times)


def build_d(
    spec: Spec,
    *,
    width: Size = 64,
    norm: Norm = "batch",
    minibatch_std: Group = 0,
    hidden: SizeOrNone = 0,
    conditional: bool = False,
) -> DcganD:
    """A DCGAN discriminator for `spec.shape`."""
    return DcganD(spec.shape, width, norm, len(spec.classes) if conditional else 0, minibatch_std, hidden)


def _plan(shape: tuple[int, ...]) -> tuple[tuple[int, int], int]:
    """Size of the first feature map, and how often it doubles: 4 × 4 and four times for 64 × 64."""
    stages = max(1, round(math.log2(min(shape[1:]) / 4)))
    return (math.ceil(shape[1] / 2**stages), math.ceil(shape[2] / 2**stages)), stages


def _padding(shape: tuple[int, ...], start: tuple[int, int], stages: int) -> tuple[int, int, int, int]:
    extra = [start[axis] * 2**stages - shape[axis + 1] for axis in (0, 1)]
    return (extra[1] // 2, extra[1] - extra[1] // 2, extra[0] // 2, extra[0] - extra[0] // 2)


def _head(maps: int, start: tuple[int, int], hidden: int, bias: bool) -> nn.Module:
    if not hidden:
        return nn.Conv2d(maps, 1, start, bias=bias)
    return nn.Sequential(
        nn.Conv2d(maps, hidden, start), nn.LeakyReLU(0.2, inplace=True), nn.Conv2d(hidden, 1, 1, bias=bias)
    )


def _up(inputs: int, outputs: int, up: str, bias: bool) -> list[nn.Module]:
    if up == "transpose":
        return [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=bias)]
    return [nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(inputs, outputs, 3, 1, 1, bias=bias)]


def _last(sides: Sequence[int], enlarged: int) -> nn.Module:
    if enlarged == 1:
        return nn.Tanh()
    if any(side % enlarged for side in sides):
        given = f"G.enlarged = {enlarged} for pictures of {sides[1]} × {sides[0]}"
        raise RecipeError(given, "a divisor of both sides", "type --set G.enlarged=1", key=["enlarged"])
    return Enlarged(sides[0], sides[1], enlarged)


def _after(maps: int, norm: str, classes: int, conditioning: Conditioning) -> list[nn.Module]:
    told = class_norm(conditioning, classes, maps)
    if told is not None:
        return [told, nn.LeakyReLU(0.2, inplace=True) if norm == "none" else nn.ReLU(inplace=True)]
    return [nn.BatchNorm2d(maps), nn.ReLU(inplace=True)] if norm == "batch" else [nn.LeakyReLU(0.2, inplace=True)]


def _initialise(net: nn.Module, norm: str) -> None:
    """N(0, 0.02) as in the paper; without normalisation He's deviation, which keeps activations alive."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            if norm == "batch":
                nn.init.normal_(module.weight, 0.0, 0.02)
            else:
                # A stride-2 transposed convolution sums a quarter of its kernel's taps for each output.
                taps = module.weight[0, 0].numel() / (
                    4 if isinstance(module, nn.ConvTranspose2d) and module.stride[0] == 2 else 1
                )
                fan = module.in_channels * (1 if module.weight.shape[2] == 1 else taps)
                first = isinstance(module, nn.ConvTranspose2d) and module.stride[0] == 1
                nn.init.normal_(module.weight, 0.0, math.sqrt(2 / (module.in_channels if first else fan)))
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.02)
