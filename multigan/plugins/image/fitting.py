"""Pictures of many sizes and modes brought to one."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import numpy as np
import torch
from PIL import Image, ImageOps
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from torch import Tensor

from multigan.core.errors import DataError
from multigan.plugins.image.ranges import DEEP, Ranges, in_bytes

__all__ = ["BANDS", "GREY", "Side", "common_mode", "common_size", "fitted", "pair", "plain"]

FOLDER_SIZE = 64
LEAST_SIDE = 4
LARGEST_AREA = 2**24
BOUNDS = "at least 4 pixels, and no more than 4,096 × 4,096"
GREY = ("1", "L", "LA", *DEEP)
BANDS = {"L": 1, "RGB": 3, "RGBA": 4}


def common_size(sizes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The (height, width) that most pictures have; large ones are brought to a short side of at most 64.

    Sides that are brought down are multiples of four: half and a quarter of them are sizes too.
    """
    height, width = Counter(sizes).most_common(1)[0][0]
    if min(height, width) > FOLDER_SIZE:
        factor = FOLDER_SIZE / min(height, width)
        height, width = (LEAST_SIDE * round(side * factor / LEAST_SIDE) for side in (height, width))
    height, width = max(LEAST_SIDE, height), max(LEAST_SIDE, width)
    # Pictures of many shapes get a square.
    return (height, width) if max(height, width) <= 2 * FOLDER_SIZE else (FOLDER_SIZE, FOLDER_SIZE)


def common_mode(channels: str | int, modes: Counter[str]) -> str:
    """`"L"` where every picture is grey and nothing else is asked for, else `"RGB"` (or what is asked for)."""
    if channels != "auto":
        return {1: "L", 3: "RGB", 4: "RGBA"}[int(channels)]
    grey = sum(count for mode, count in modes.items() if mode in GREY)
    return "L" if grey == sum(modes.values()) else "RGB"


def fitted(image: Image.Image, size: tuple[int, int], mode: str, fit: str, ranges: Ranges | None = None) -> Tensor:
    """A picture as uint8 `(channels, height, width)` of the wanted size and mode.

    Args:
        image: of any size and mode.
        size: (height, width).
        mode: `"L"`, `"RGB"` or `"RGBA"`.
        fit: `"crop"`, `"pad"` or `"stretch"`.
        ranges: which values are black and white, for pictures of more than 8 bits; None = by this picture alone.
    """
    image = plain(image, mode, ranges or {})
    height, width = size
    if image.size != (width, height):
        image = _resized(image, (width, height), fit)
    array = np.array(image, dtype=np.uint8).reshape(height, width, -1)
    return torch.from_numpy(array).permute(2, 0, 1).contiguous()


def plain(image: Image.Image, mode: str, ranges: Ranges) -> Image.Image:
    """A picture of its own size in 8 bits and the wanted mode; transparency becomes white, where it is not wanted."""
    image = in_bytes(image, ranges)
    if mode != "RGBA" and ("A" in image.getbands() or "transparency" in image.info):
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return image if image.mode == mode else image.convert(mode)


def _resized(image: Image.Image, size: tuple[int, int], fit: str) -> Image.Image:
    method = Image.Resampling.BICUBIC if image.size < size else Image.Resampling.LANCZOS
    if fit == "stretch":
        return image.resize(size, method)
    if fit == "pad":
        corner = image.getpixel((0, 0))
        return ImageOps.pad(image, size, method, color=corner)  # type: ignore[arg-type]
    return ImageOps.fit(image, size, method)


def _sides(size: int | tuple[int, int]) -> int | tuple[int, int]:
    if size and not _is_within((size, size) if isinstance(size, int) else size):
        raise PydanticCustomError("size", f"0 (as most pictures are) or {BOUNDS}")
    return size


def _is_within(both: tuple[int, int]) -> bool:
    return min(both) >= LEAST_SIDE and both[0] * both[1] <= LARGEST_AREA


Side = Annotated[int | tuple[int, int], AfterValidator(_sides)]
"""`data.size`: one number, or height and width; 0 = as most pictures are."""


def pair(size: int | tuple[int, int]) -> tuple[int, int]:
    """(height, width) of `data.size`.

    Raises:
        DataError: a side below 4 pixels, or more than 4,096 × 4,096 in all.
    """
    both = (size, size) if isinstance(size, int) else (size[0], size[1])
    if not _is_within(both):
        raise DataError(f"data.size = {size}", BOUNDS, "type --set data.size=32", key=["size"])
    return both
