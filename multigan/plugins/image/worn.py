"""Pictures as they come after years on the net: blurred, resized, noisy and compressed, twice over."""

from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Modality, Spec
from multigan.plugins.image.blur import Mixture, blurred, kernels, sincs
from multigan.plugins.image.jpeg import compressed

__all__ = ["Blur", "Jpeg", "SecondOrder", "build_blur", "build_jpeg", "build_second_order"]

_Number = TypeVar("_Number", int, float)
MODES = ("area", "bilinear", "bicubic")


@dataclass(frozen=True)
class _Pass:
    """One round: blur, resize, noise, JPEG.

    Attributes:
        blur: kernels, and the share of pictures that are blurred.
        smaller: share of pictures that are shrunk; `larger`: of those that are enlarged; `sizes` between which.
        noise: deviations of normal noise in levels of 0..255; `shot`: scales of Poisson's.
    """

    blur: tuple[Mixture, float]
    smaller: float
    larger: float
    sizes: tuple[float, float]
    noise: tuple[float, float]
    shot: tuple[float, float]


FIRST = _Pass((Mixture(0.2, 3.0, 0.36, 0.15, 0.15, 0.1), 1.0), 0.7, 0.2, (0.15, 1.5), (1, 30), (0.05, 3.0))
AGAIN = _Pass((Mixture(0.2, 1.5, 0.36, 0.15, 0.15, 0.1), 0.8), 0.4, 0.3, (0.3, 1.2), (1, 25), (0.05, 2.5))
GREY_NOISE, NORMAL, RINGING = 0.4, 0.5, 0.8


@dataclass(frozen=True)
class Blur:
    """Each picture by a Gaussian kernel of its own, of two deviations and an angle.

    Args:
        least: smallest deviation in pixels.
        most: largest one.
    """

    least: float
    most: float

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """`(batch, channels, height, width)` -> the same shape."""
        return blurred(x, kernels(len(x), Mixture(self.least, self.most, oblong=1.0), draw))


@dataclass(frozen=True)
class Jpeg:
    """Each picture compressed at a quality of its own, see `multigan.plugins.image.jpeg`.

    Args:
        least: lowest quality.
        most: highest one.
    """

    least: int
    most: int

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """`(batch, channels, height, width)` -> the same shape."""
        return compressed(x, draw.integers("quality", self.least, self.most + 1, (len(x),)).to(x))


@dataclass(frozen=True)
class SecondOrder:
    """Blur, resize, noise and JPEG, twice; then a fraction of the size, ringing, and JPEG at last.

    Args:
        factor: of both sides, by which the result is smaller.

    Source: Wang et al. 2021 (Real-ESRGAN), section 3.3, and their `options/train_realesrgan_x4plus.yml`.
    Departures: every picture of a batch is resized by a factor of its own, which mixes degradations without their
    pool of 180 pairs; kernels are all of 21 × 21 pixels; Poisson noise is normal noise of its variance, so that the
    gradient passes; the last two steps come in one order.
    """

    factor: int

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """`(batch, channels, height, width)` -> `(batch, channels, height / factor, width / factor)`."""
        n, (height, width) = len(x), x.shape[2:]
        small = (height // self.factor, width // self.factor)
        once = _worn(list(x.split(1)), FIRST, (height, width), draw.child("first"))
        twice = _worn(once, AGAIN, small, draw.child("again"))
        last = draw.child("last")
        out = torch.cat([_resized(one, small, "bicubic") for one in twice])
        rings = (last.uniform("ringing", (n,)) < RINGING).view(-1, 1, 1, 1).to(x.device)
        return Jpeg(30, 95)(torch.where(rings, blurred(out, sincs(n, last)), out), last)

    def spec(self, spec: Spec) -> Spec:
        """Smaller sides.

        Raises:
            RecipeError: they are no multiples of the factor.
        """
        channels, height, width = spec.shape
        if height % self.factor or width % self.factor:
            given = f"pictures of {width} × {height} made smaller by {self.factor}"
            raise RecipeError(given, "sides that are multiples of it", "type --set data.size=N", key=["factor"])
        return replace(spec, shape=(channels, height // self.factor, width // self.factor))


def _worn(pictures: list[Tensor], one: _Pass, size: tuple[int, int], draw: Draw) -> list[Tensor]:
    """One round for each picture `(1, channels, height, width)`, resized around `size`."""
    n, channels = len(pictures), pictures[0].shape[1]
    device = pictures[0].device
    mixture, share = one.blur
    kernel = kernels(n, mixture, draw.child("blur")).to(device)
    blurs = draw.uniform("blurred", (n,)) < share
    scales = _scales(n, one, draw).tolist()
    modes = draw.integers("mode", 0, len(MODES), (n,)).tolist()
    room = [round(side * one.sizes[1]) for side in size]
    noise = draw.normal("noise", (n, channels, *room)).to(device)
    noise = torch.where(_coin(n, GREY_NOISE, "grey", draw).to(device), noise[:, :1], noise)
    normal = _coin(n, NORMAL, "normal", draw).to(device)
    levels, shot = (
        _between(n, pair, name, draw).to(device) for pair, name in ((one.noise, "level"), (one.shot, "shot"))
    )
    quality = draw.integers("quality", 30, 96, (n,)).to(pictures[0])
    made = list[Tensor]()
    for k, picture in enumerate(pictures):
        x = blurred(picture, kernel[k : k + 1]) if blurs[k] else picture
        x = _resized(x, tuple(max(1, round(side * scales[k])) for side in size), MODES[modes[k]])
        drawn = noise[k : k + 1, :, : x.shape[2], : x.shape[3]]
        light = ((x + 1) * 127.5).clamp(0, 255)
        spread = torch.where(normal[k], levels[k], shot[k] * light.sqrt())
        made.append(compressed((x + spread * drawn / 127.5).clamp(-1, 1), quality[k : k + 1]))
    return made


def _scales(n: int, one: _Pass, draw: Draw) -> Tensor:
    """Factors of the sides `(n,)`: below 1, above it, or 1."""
    which, how = draw.uniform("way", (n,)), draw.uniform("scale", (n,))
    least, most = one.sizes
    scales = torch.where(which < one.smaller, least + (1 - least) * how, 1 + (most - 1) * how)
    return torch.where(which < one.smaller + one.larger, scales, 1.0)


def _between(n: int, pair: tuple[float, float], purpose: str, draw: Draw) -> Tensor:
    return (pair[0] + (pair[1] - pair[0]) * draw.uniform(purpose, (n,))).view(-1, 1, 1, 1)


def _coin(n: int, share: float, purpose: str, draw: Draw) -> Tensor:
    return (draw.uniform(purpose, (n,)) < share).view(-1, 1, 1, 1)


def _resized(x: Tensor, size: tuple[int, int], mode: str) -> Tensor:
    if mode == "area":
        return F.interpolate(x, size=size, mode="area")
    return F.interpolate(x, size=size, mode=mode, align_corners=False)


def build_blur(
    modality: Modality,
    spec: Spec,
    *,
    least: Annotated[float, Field(gt=0, le=10)] = 0.2,
    most: Annotated[float, Field(gt=0, le=10)] = 3.0,
) -> Blur:
    """Blur of `least` to `most` pixels' deviation.

    Raises:
        RecipeError: `least` is above `most`.
    """
    return Blur(*_ordered("blur", least, most))


def build_jpeg(
    modality: Modality,
    spec: Spec,
    *,
    least: Annotated[int, Field(ge=1, le=100)] = 30,
    most: Annotated[int, Field(ge=1, le=100)] = 95,
) -> Jpeg:
    """JPEG of qualities from `least` to `most`.

    Raises:
        RecipeError: `least` is above `most`.
    """
    return Jpeg(*_ordered("jpeg", least, most))


def build_second_order(
    modality: Modality, spec: Spec, *, factor: Annotated[int, Field(ge=1, le=16)] = 2
) -> SecondOrder:
    """Real-ESRGAN's degradations, to a fraction of the size."""
    return SecondOrder(factor)


def _ordered(name: str, least: _Number, most: _Number) -> tuple[_Number, _Number]:
    if least > most:
        given = f"{name} with least = {least} and most = {most}"
        raise RecipeError(given, "least no larger than most", "swap them", key=["least"])
    return least, most
