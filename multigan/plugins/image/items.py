"""One picture of a file, and of a mask, in the shape that a generator knows."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.files.findings import shown
from multigan.plugins.image.fitting import fitted
from multigan.plugins.image.opening import look
from multigan.plugins.image.ranges import from_meta, in_bytes

__all__ = ["psnr", "read", "read_hole"]

T = TypeVar("T")
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def read(path: Path, spec: Spec) -> Tensor:
    """An upright picture as training reads it, cut to the middle: `spec.shape` = (channels, height, width) in [-1, 1].

    Raises:
        DataError: it is no picture, or the generator's channels are not those of pictures.
    """
    mode = MODES.get(spec.shape[0])
    if mode is None:
        raise DataError(f"{spec.shape[0]} channels", "1, 3 or 4 channels", "use another generator")
    size, ranges = (spec.shape[1], spec.shape[2]), from_meta(spec.meta)
    pixels = _looked(path, lambda picture: fitted(picture, size, mode, "crop", ranges), size)
    return pixels.float() / 127.5 - 1


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
        picture = _looked(Path(text), partial(_mask, size=(width, height)), (height, width))
        hole = torch.from_numpy(np.array(picture) >= 128)
    if hole.all() or not hole.any():
        raise DataError(f"the mask {text} covers everything or nothing", "a part of the picture", "draw it white")
    return hole.expand(spec.shape)


def psnr(real: Tensor, fake: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB of pictures in [-1, 1], `10 log10(4 / mean squared error)`: `(batch,)`."""
    return 10 * torch.log10(4 / (real - fake).square().flatten(1).mean(1).clamp_min(1e-10))


def _mask(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return ImageOps.fit(in_bytes(picture, {}).convert("L"), size, Image.Resampling.NEAREST)


def _looked(path: Path, act: Callable[[Image.Image], T], room: tuple[int, int]) -> T:
    header, found = look(path, act, room)
    if found is None:
        raise DataError(
            f"{shown(path)} is no readable picture ({shown(header.fault)})", "a PNG or JPEG file", "check the path"
        )
    return found
