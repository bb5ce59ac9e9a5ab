"""CycleGAN's generator: a few layers down, residual blocks, and as many layers up."""

from collections.abc import Iterator
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size
from multigan.plugins.image.unet import mirrored

__all__ = ["ResNet", "build_resnet"]

Norm = Literal["instance", "none"]


class ResNet(nn.Module):
    """Picture -> picture of the same size.

    Args:
        inputs: channels of an input.
        outputs: channels of a sample.
        width: feature maps of the first layer; they double with each halving of the size.
        blocks: residual ones, in the middle.
        downs: how often the size is halved, and doubled again; the paper's is 2.
        norm: `"instance"` (without scale and shift) or `"none"`.
        smooth: whether halving and doubling of the size are smoothed against aliasing.
        copy: whether it is the input and a correction that begins at zero, so that the untrained net copies bit for
            bit; for pictures of equal channels.

    Attributes:
        feature_maps: channels of what `features` gives.

    Source: Johnson et al. 2016 as in Zhu et al. 2017 (CycleGAN), section 7.2 and their code: with width 64 and 9 blocks
    11,378,179 parameters. `smooth` and the layers of `features`: Park et al. 2020 (CUT), section 3.2 and their code.
    Departures: sides that are no multiple of `multiple` are mirrored at their ends, and cut again; `copy`.
    """

    def __init__(  # noqa: PLR0913  (each is an option of `[G]`)
        self,
        inputs: int,
        outputs: int,
        width: int,
        blocks: int,
        norm: Norm,
        *,
        downs: int = 2,
        smooth: bool = False,
        copy: bool = False,
    ) -> None:
        super().__init__()
        self.latent, self.multiple, self.copy = Latent((0,)), 2**downs, copy
        layers: list[nn.Module] = [_Mirror(3), nn.Conv2d(inputs, width, 7), *_normed(norm, width)]
        taps, maps = {0: inputs}, width
        for _ in range(downs):
            taps[len(layers)] = 2 * maps
            step = [nn.Conv2d(maps, 2 * maps, 3, 1 if smooth else 2, 1), *_normed(norm, 2 * maps)]
            layers += [*step, _Half(2 * maps)] if smooth else step
            maps *= 2
        taps |= {len(layers) + k: maps for k in {0, min(4, blocks - 1)} if blocks}
        layers += [_Block(maps, norm) for _ in range(blocks)]
        for _ in range(downs):
            conv = nn.Conv2d(maps, maps // 2, 3, 1, 1) if smooth else _up(maps)
            layers += [*([_Double()] if smooth else []), conv, *_normed(norm, maps // 2)]
            maps //= 2
        layers += [_Mirror(3), nn.Conv2d(maps, outputs, 7), *([] if copy else [nn.Tanh()])]
        self.layers, self.taps = nn.ModuleList(layers), tuple(sorted(taps))
        self.feature_maps = tuple(taps[k] for k in self.taps)
        _initialise(self)
        if copy:
            nn.init.zeros_(layers[-1].weight)  # type: ignore[arg-type]

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Inputs `(batch, inputs, height, width)` -> `(batch, outputs, height, width)`; z is empty."""
        height, width = source.shape[2:]
        *_, x = self._run(source, len(self.layers))
        x = x[:, :, :height, :width]
        return source + x if self.copy else x

    def features(self, source: Tensor) -> list[Tensor]:
        """What layers on the way in make of pictures: `(batch, feature_maps[k], rows, columns)` each."""
        outputs = list(self._run(source, self.taps[-1] + 1))
        return [outputs[k] for k in self.taps]

    def _run(self, source: Tensor, layers: int) -> Iterator[Tensor]:
        """The outputs of the first so many layers."""
        room = self.multiple if min(source.shape[2:]) > max(self.multiple, 3) else max(2 * self.multiple, 4)
        x = mirrored(source, room)
        for layer in self.layers[:layers]:
            x = layer(x)
            yield x


def build_resnet(  # noqa: PLR0913  (each is an option of `[G]`)
    spec: Spec,
    source: Spec,
    *,
    width: Size = 16,
    blocks: Annotated[int, Field(ge=0, le=100)] = 4,
    downs: Annotated[int, Field(ge=0, le=8)] = 2,
    norm: Norm = "instance",
    smooth: bool = False,
    copy: bool = False,
) -> ResNet:
    """A translator from pictures like `source` to pictures like `spec`.

    Raises:
        RecipeError: the two have other sizes, or `copy` other channels.
    """
    if spec.shape[1:] != source.shape[1:]:
        given = f"inputs of {source.shape[2]} × {source.shape[1]} for pictures of {spec.shape[2]} × {spec.shape[1]}"
        raise RecipeError(given, "one size for both", "type --set data.size=64", key=["net"])
    if copy and spec.shape != source.shape:
        given = f"G.copy = true with inputs of {source.shape[0]} channels for pictures of {spec.shape[0]}"
        raise RecipeError(given, "equal channels", "type --set data.channels=3", key=["copy"])
    return ResNet(source.shape[0], spec.shape[0], width, blocks, norm, downs=downs, smooth=smooth, copy=copy)


class _Mirror(nn.Module):
    """Pictures with their ends mirrored outwards; those too small for it repeat their last pixels."""

    def __init__(self, pixels: int) -> None:
        super().__init__()
        self.pixels = pixels

    def forward(self, x: Tensor) -> Tensor:
        mode = "reflect" if min(x.shape[2:]) > self.pixels else "replicate"
        return F.pad(x, [self.pixels] * 4, mode=mode)


class _Block(nn.Module):
    def __init__(self, maps: int, norm: Norm) -> None:
        super().__init__()
        first = [_Mirror(1), nn.Conv2d(maps, maps, 3), *_normed(norm, maps)]
        self.body = nn.Sequential(*first, _Mirror(1), nn.Conv2d(maps, maps, 3), *_normed(norm, maps)[:-1])

    def forward(self, x: Tensor) -> Tensor:
        corrected: Tensor = x + self.body(x)
        return corrected


class _Half(nn.Module):
    """Every second pixel after the filter [1, 2, 1] / 4 both ways."""

    kernel: Tensor

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.maps = maps
        line = torch.tensor([1.0, 2.0, 1.0]) / 4
        self.register_buffer("kernel", line[:, None] * line, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        kernel = self.kernel.to(x).expand(self.maps, 1, 3, 3)
        return F.conv2d(F.pad(x, [1] * 4, mode="reflect"), kernel, stride=2, groups=self.maps)


class _Double(nn.Module):
    """Twice the size by the filter [1, 3, 3, 1] / 4 both ways, which is bilinear interpolation."""

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def _normed(norm: Norm, maps: int) -> list[nn.Module]:
    """Normalisation and ReLU, two modules at any `norm`."""
    return [nn.Identity() if norm == "none" else nn.InstanceNorm2d(maps), nn.ReLU()]


def _up(maps: int) -> nn.Module:
    return nn.ConvTranspose2d(maps, maps // 2, 3, 2, 1, output_padding=1)


def _initialise(net: nn.Module) -> None:
    """N(0, 0.02), as in the paper's code."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
