"""One picture of a file, and of a mask, in the shape that a generator knows."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from multigan.errors import DataError
from multigan.plugins.image.upright import upright
from multigan.types import Spec

__all__ = ["psnr", "read", "read_hole"]

LARGEST_PIXELS = 50_000_000
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def read(path: Path, spec: Spec) -> Tensor:
    """An upright picture cut to the middle and brought to `spec.shape`: `(channels, height, width)` in [-1, 1].

    Raises:
        DataError: it is no picture, or the generator's channels are not those of pictures.
    """
    mode = MODES.get(spec.shape[0])
    if mode is None:
        raise DataError(f"{spec.shape[0]} channels", "1, 3 or 4 channels", "use another generator")
    size = (spec.shape[2], spec.shape[1])
    image = ImageOps.fit(_opened(path).convert(mode), size, Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(np.array(image)).view(*spec.shape[1:], spec.shape[0])
    return pixels.permute(2, 0, 1).float() / 127.5 - 1


def read_hole(text: str, spec: Spec) -> Tensor:
    """What is to be filled, bool like `spec.shape`: a box `x,y,w,h` in pixels, or a picture whose white is the hole.

    A mask is cut to the middle as `read` cuts the picture, so one drawn over a picture of another shape still fits it.

    Raises:
        DataError: it is neither, lies outside, or leaves nothing known or nothing to fill.
    """
    _, height, width = spec.shape
    hole = torch.zeros(height, width, dtype=torch.bool)
    numbers = text.split(",")
    if len(numbers) == 4 and all(number.strip().isdigit() for number in numbers):
        x, y, w, h = (int(number) for number in numbers)
        if x + w > width or y + h > height:
            raise DataError(f"the box {text}", f"a box within {width} × {height}", "type --mask x,y,w,h")
        hole[y : y + h, x : x + w] = True
    else:
        picture = ImageOps.fit(_opened(Path(text)).convert("L"), (width, height), Image.Resampling.NEAREST)
        hole = torch.from_numpy(np.array(picture) >= 128)
    if hole.all() or not hole.any():
        raise DataError(f"the mask {text} covers everything or nothing", "a part of the picture", "draw it white")
    return hole.expand(spec.shape)


def psnr(real: Tensor, fake: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB of pictures in [-1, 1], `10 log10(4 / mean squared error)`: `(batch,)`."""
    return 10 * torch.log10(4 / (real - fake).square().flatten(1).mean(1).clamp_min(1e-10))


def _opened(path: Path) -> Image.Image:
    try:
        with Image.open(path) as image:
            if image.width * image.height > LARGEST_PIXELS:
                raise DataError(f"{path} has {image.width} × {image.height} pixels", "at most 50 million", "shrink it")
            return upright(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} is no readable picture", "a PNG or JPEG file", "check the path") from error
