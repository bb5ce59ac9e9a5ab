"""A norm-free residual generator and discriminator: no batch statistics, symmetric, small enough for a CPU."""

import math
from itertools import pairwise
from typing import Annotated, Any

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Critique, Latent, Spec
from multigan.nets.conditional_norm import Conditioned, Conditioning, class_norm
from multigan.nets.conditioning import ClassEmbedding, Projection
from multigan.nets.minibatch_std import MinibatchStd
from multigan.nets.sizes import Group, Size

__all__ = ["ResidualD", "ResidualG", "build_d", "build_g"]

SMALLEST = 4
Blocks = Annotated[int, Field(ge=1, le=1000)]


class _Block(nn.Module):
    """x + conv(act(conv(act(x)))) with the last convolution at zero: the identity at the start.

    Source: Zhang et al. 2019 (Fixup), section 3; used without norms in GANs by Huang et al. 2024 (R3GAN), section 3.
    Departures: plain 3 × 3 convolutions, which are faster on a CPU than grouped ones.
    """

    def __init__(self, maps: int, depth: int) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(maps, maps, 3, padding=1), nn.Conv2d(maps, maps, 3, padding=1, bias=False)
        nn.init.normal_(self.first.weight, 0.0, math.sqrt(2 / (9 * maps)) / math.sqrt(depth))
        nn.init.zeros_(self.first.bias)  # type: ignore[arg-type]
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.first(F.leaky_relu(x, 0.2))
        out: Tensor = x + self.last(F.leaky_relu(hidden, 0.2))
        return out


class ResidualG(nn.Module):
    """z -> a learnt start -> residual blocks with bilinear doubling -> 1 × 1 convolution to channels.

    Args:
        shape: `(channels, height, width)`.
        nz: size of z.
        width: feature maps at full resolution; twice as many at each lower one, at most `4 * width`.
        blocks: residual blocks per resolution.
        classes: number of classes, 0 = unconditional.
        conditioning: `"concat"` joins the class to z; the others put a conditional norm before the blocks of each size.

    Source: Huang et al. 2024 (R3GAN), section 3.
    Departures: widths and plain blocks as said in `_Block`; tanh at the output.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        nz: int,
        width: int,
        blocks: int,
        classes: int = 0,
        conditioning: Conditioning = "concat",
    ) -> None:
        super().__init__()
        self.latent = Latent((nz,))
        self.sizes = _sizes(shape)
        maps = _maps(width, len(self.sizes))
        self.embed = ClassEmbedding(classes, nz) if classes and conditioning == "concat" else None
        self.start = nn.Linear(nz * (2 if self.embed else 1), maps[0] * math.prod(self.sizes[0]))
        depth = blocks * len(maps)
        told = [[norm] if (norm := class_norm(conditioning, classes, m)) else [] for m in maps]
        self.stages = nn.ModuleList(
            Conditioned(*first, *(_Block(m, depth) for _ in range(blocks))) for first, m in zip(told, maps, strict=True)
        )
        self.change = nn.ModuleList(_pointwise(a, b) for a, b in pairwise(maps))
        self.out = nn.Conv2d(maps[-1], shape[0], 3, padding=1)
        nn.init.normal_(self.start.weight, 0.0, 1 / math.sqrt(self.start.in_features))

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        """z `(batch, nz)` -> `(batch, channels, height, width)` in [-1, 1]."""
        if self.embed is not None:
            z = self.embed(z, cond)
        x = self.start(z).unflatten(1, (-1, *self.sizes[0]))  # (B, C, h, w)
        x = self.stages[0](x, cond)
        for size, change, stage in zip(self.sizes[1:], self.change, self.stages[1:], strict=True):
            x = stage(_resize(change(x), size), cond)
        return torch.tanh(self.out(F.leaky_relu(x, 0.2)))


class ResidualD(nn.Module):
    """The mirror of `ResidualG`: residual blocks with area halving, a full-size last kernel, one logit.

    Args:
        shape: `(channels, height, width)`.
        width: feature maps at full resolution.
        blocks: residual blocks per resolution.
        classes: number of classes, 0 = unconditional.
        minibatch_std: samples per group whose spread the last layer sees (Karras et al. 2018, section 3); 0 = off.

    Source: Huang et al. 2024 (R3GAN), section 3; classes: Miyato & Koyama 2018.
    """

    def __init__(
        self, shape: tuple[int, ...], width: int, blocks: int, classes: int = 0, minibatch_std: int = 0
    ) -> None:
        super().__init__()
        self.sizes = _sizes(shape)[::-1]
        maps = _maps(width, len(self.sizes))[::-1]
        self.first = nn.Conv2d(shape[0], maps[0], 3, padding=1)
        depth = blocks * len(maps)
        self.stages = nn.ModuleList(nn.Sequential(*(_Block(m, depth) for _ in range(blocks))) for m in maps)
        self.change = nn.ModuleList(_pointwise(a, b) for a, b in pairwise(maps))
        self.basis = nn.Conv2d(maps[-1], maps[-1], self.sizes[-1], groups=maps[-1], bias=False)
        self.spread = MinibatchStd(minibatch_std) if minibatch_std else nn.Identity()
        self.out = nn.Linear(maps[-1] + bool(minibatch_std), 1)
        self.projection = Projection(classes, maps[-1]) if classes else None

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Critique:
        """x `(batch, channels, height, width)` -> logits `(batch,)` and the activations of every resolution."""
        x = self.stages[0](self.first(x))
        features = [x]
        for size, change, stage in zip(self.sizes[1:], self.change, self.stages[1:], strict=True):
            x = stage(_resize(change(x), size))
            features.append(x)
        pooled = self.basis(F.leaky_relu(x, 0.2)).flatten(1)  # (B, C)
        logits = self.out(self.spread(pooled)).squeeze(1)
        if self.projection is not None:
            logits = logits + self.projection(pooled, cond)
        return Critique((logits,), tuple(features))


def build_g(
    spec: Spec,
    *,
    nz: Size = 64,
    width: Size = 32,
    blocks: Blocks = 1,
    conditional: bool = False,
    conditioning: Conditioning = "concat",
) -> ResidualG:
    """A residual generator for `spec.shape`."""
    return ResidualG(spec.shape, nz, width, blocks, len(spec.classes) if conditional else 0, conditioning)


def build_d(
    spec: Spec, *, width: Size = 32, blocks: Blocks = 1, minibatch_std: Group = 0, conditional: bool = False
) -> ResidualD:
    """A residual discriminator for `spec.shape`."""
    return ResidualD(spec.shape, width, blocks, len(spec.classes) if conditional else 0, minibatch_std)


def _sizes(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """Resolutions from the smallest to the full one: halves, rounded up, until a side is at most 7."""
    sizes = [(shape[1], shape[2])]
    while min(sizes[0]) >= 2 * SMALLEST:
        sizes.insert(0, (-(-sizes[0][0] // 2), -(-sizes[0][1] // 2)))
    return sizes


def _maps(width: int, stages: int) -> list[int]:
    return [width * min(4, 2 ** (stages - 1 - k)) for k in range(stages)]


def _pointwise(inputs: int, outputs: int) -> nn.Conv2d:
    conv = nn.Conv2d(inputs, outputs, 1, bias=False)
    nn.init.normal_(conv.weight, 0.0, 1 / math.sqrt(inputs))
    return conv


def _resize(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Halve by averaging, double bilinearly; odd sizes by interpolation."""
    if x.shape[2] == 2 * size[0] and x.shape[3] == 2 * size[1]:
        return F.avg_pool2d(x, 2)
    options: dict[str, Any] = {"mode": "bilinear", "align_corners": False}
    return F.interpolate(x, size=size, **options)
