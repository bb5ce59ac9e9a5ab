"""One picture of a file, and of a mask, in the shape that a generator knows."""

import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from multigan.errors import DataError
from multigan.findings import shown
from multigan.fitted import Fitted
from multigan.plugins.image.upright import upright
from multigan.types import Spec

__all__ = ["fit", "psnr", "read", "read_hole"]

LARGEST_PIXELS = 50_000_000
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def read(path: Path, spec: Spec) -> Tensor:
    """An upright picture cut to the middle and brought to `spec.shape`: `(channels, height, width)` in [-1, 1].

    Raises:
        DataError: it is no picture, or the generator's channels are not those of pictures.
    """
    return _brought(_opened(path), spec)


def fit(path: Path, spec: Spec, *, hole: str = "", at: float | None = None) -> Fitted:
    """A picture as `read` gives it, and a hole in it.

    Args:
        path: the picture.
        spec: of the generator.
        hole: a box `x,y,w,h` in pixels of the picture itself, or the path of a mask; "" = none.
        at: None: a picture has no seconds.

    Raises:
        DataError: it is no picture, or has no such hole.
    """
    if at is not None:
        raise DataError(f"second {at:g} of a picture", "a sound", "leave out --at")
    picture = _opened(path)
    real = _brought(picture, spec)
    return Fitted(real, _hole(hole, spec, picture.size) if hole else None, _note(path, picture, spec))


def read_hole(text: str, spec: Spec) -> Tensor:
    """What is to be filled, bool like `spec.shape`: a box `x,y,w,h` in pixels, or a picture whose white is the hole.

    A mask is cut to the middle as `read` cuts the picture, so one drawn over a picture of another shape still fits it.

    Raises:
        DataError: it is neither, lies outside, or leaves nothing known or nothing to fill.
    """
    return _hole(text, spec, (spec.shape[2], spec.shape[1]))


def _hole(text: str, spec: Spec, size: tuple[int, int]) -> Tensor:
    """The same, with boxes in pixels of a picture of another size `(width, height)`, which is cut to the middle."""
    _, height, width = spec.shape
    hole = torch.zeros(height, width, dtype=torch.bool)
    numbers = text.split(",")
    if len(numbers) == 4 and all(number.strip().isdecimal() for number in numbers):
        x, y, w, h = (int(number) for number in numbers)
        if x + w > size[0] or y + h > size[1]:
            raise DataError(f"the box {text}", f"a box within {size[0]} × {size[1]}", "type --mask x,y,w,h")
        across, down = _middle(size, spec)
        if w and h:
            hole[_span(y, h, size[1], height, down), _span(x, w, size[0], width, across)] = True
    else:
        picture = ImageOps.fit(_opened(Path(text)).convert("L"), (width, height), Image.Resampling.NEAREST)
        hole = torch.from_numpy(np.array(picture) >= 128)
    if hole.all() or not hole.any():
        raise DataError(f"the mask {text} covers everything or nothing", "a part of the picture", "draw it white")
    return hole.expand(spec.shape)


def _middle(size: tuple[int, int], spec: Spec) -> tuple[float, float]:
    """Width and height of the part of a picture that `ImageOps.fit` keeps, in the picture's own pixels."""
    width, height = size
    shape = spec.shape[2] / spec.shape[1]
    return (min(width, height * shape), min(height, width / shape))


def _span(first: int, count: int, side: int, target: int, kept: float) -> slice:
    """All pixels of a side of `target` that some of `count` of a side, cut to its middle, come to lie in."""
    scale, left = target / kept, (side - kept) / 2
    start, end = math.floor((first - left) * scale + 1e-9), math.ceil((first + count - left) * scale - 1e-9)
    return slice(max(0, start), max(0, end))


def _note(path: Path, picture: Image.Image, spec: Spec) -> str:
    """What was done to a picture, in one line, or ""."""
    width, height = (round(side) for side in _middle(picture.size, spec))
    done = []
    if (width, height) != picture.size:
        done.append(f"of {picture.width} × {picture.height} pixels the middle {width} × {height} taken")
    if (width, height) != (spec.shape[2], spec.shape[1]):
        done.append(f"brought from {width} × {height} to {spec.shape[2]} × {spec.shape[1]} pixels")
    if spec.shape[0] == 1 and picture.mode not in ("L", "1"):
        done.append("colours turned to grey")
    return f"{shown(path.name)}: {'; '.join(done)}" if done else ""


def psnr(real: Tensor, fake: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB of pictures in [-1, 1], `10 log10(4 / mean squared error)`: `(batch,)`."""
    return 10 * torch.log10(4 / (real - fake).square().flatten(1).mean(1).clamp_min(1e-10))


def _brought(picture: Image.Image, spec: Spec) -> Tensor:
    mode = MODES.get(spec.shape[0])
    if mode is None:
        raise DataError(f"{spec.shape[0]} channels", "1, 3 or 4 channels", "use another generator")
    size = (spec.shape[2], spec.shape[1])
    image = ImageOps.fit(picture.convert(mode), size, Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(np.array(image)).view(*spec.shape[1:], spec.shape[0])
    return pixels.permute(2, 0, 1).float() / 127.5 - 1


def _opened(path: Path) -> Image.Image:
    try:
        with Image.open(path) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise DataError(f"{path} has {image.width} × {image.height} pixels", "at most 50 million", "shrink it")
            return upright(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} is no readable picture", "a PNG or JPEG file", "check the path") from error
