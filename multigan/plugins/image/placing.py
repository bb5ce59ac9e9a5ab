"""A picture of a file and a hole in it, told by places in the file, with what was done to it."""

import math
from pathlib import Path
from typing import NamedTuple

import torch
from PIL import Image
from torch import Tensor

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.files.findings import shown
from multigan.plugins.fitted import Fitted
from multigan.plugins.image.colours import Colours, profile_of
from multigan.plugins.image.items import read, read_hole
from multigan.plugins.image.upright import ORIENTATION

__all__ = ["fit"]

SIDES_SWAP = range(5, 9)
"""Values of EXIF's orientation with which width and height change places."""
DIGITS = 9
UNUSED = "its colour profile, which is damaged or does not suit it, not used"
GREY = ("1", "L", "LA")


def fit(path: Path, spec: Spec, *, hole: str = "", at: float | None = None) -> Fitted:
    """A picture as `items.read` gives it, and a hole in it.

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
    real = read(path, spec)
    frame = _frame(path, spec)
    return Fitted(real, _hole(hole, frame, spec) if hole else None, _note(path, frame, spec))


class _Frame(NamedTuple):
    """The upright picture, and the part of it that is kept when it is cut to the middle; sides in its own pixels."""

    width: int
    height: int
    across: float
    down: float
    grey: bool
    colours: Colours


def _frame(path: Path, spec: Spec) -> _Frame:
    try:
        with Image.open(path) as image:
            (width, height), grey = image.size, image.mode in GREY
            swapped, colours = _is_swapped(image), profile_of(image)[1]
    except OSError as error:
        raise DataError(f"{shown(path)} is no readable picture", "a PNG or JPEG file", "check the path") from error
    width, height = (height, width) if swapped else (width, height)
    shape = spec.shape[2] / spec.shape[1]
    return _Frame(width, height, min(width, height * shape), min(height, width / shape), grey, colours)


def _is_swapped(image: Image.Image) -> bool:
    try:
        return image.getexif().get(ORIENTATION) in SIDES_SWAP
    except Exception:  # damaged metadata raises whatever its parser happens to stumble over
        return False


def _hole(text: str, frame: _Frame, spec: Spec) -> Tensor:
    numbers = [number.strip() for number in text.split(",")]
    if len(numbers) != 4 or not all(number.isdecimal() for number in numbers):
        return read_hole(text, spec)
    x, y, w, h = (int(number) if len(number) <= DIGITS else 10**DIGITS for number in numbers)
    if x + w > frame.width or y + h > frame.height:
        raise DataError(f"the box {text[:40]}", f"a box within {frame.width} × {frame.height}", "type --mask x,y,w,h")
    hole = torch.zeros(spec.shape[1:], dtype=torch.bool)
    if w and h:
        rows = _span(y, h, frame.height, spec.shape[1], frame.down)
        hole[rows, _span(x, w, frame.width, spec.shape[2], frame.across)] = True
    if hole.all() or not hole.any():
        what = "a part of the picture" if hole.all() else f"a part of its middle {frame.across:.0f} × {frame.down:.0f}"
        raise DataError(f"the box {text} covers everything or nothing", what, "type --mask x,y,w,h")
    return hole.expand(spec.shape)


def _span(first: int, count: int, side: int, target: int, kept: float) -> slice:
    """All of `target` pixels in which some of `count` of a side come to lie, once the side is cut to its middle."""
    scale, left = target / kept, (side - kept) / 2
    start, end = math.floor((first - left) * scale + 1e-9), math.ceil((first + count - left) * scale - 1e-9)
    return slice(max(0, start), max(0, end))


def _note(path: Path, frame: _Frame, spec: Spec) -> str:
    """What was done to a picture, in one line, or ""."""
    kept, size = (round(frame.across), round(frame.down)), (spec.shape[2], spec.shape[1])
    done = []
    if kept != (frame.width, frame.height):
        done.append(f"of {frame.width} × {frame.height} pixels the middle {kept[0]} × {kept[1]} taken")
    if kept != size:
        done.append(f"brought from {kept[0]} × {kept[1]} to {size[0]} × {size[1]} pixels")
    if frame.colours:
        done.append("brought to sRGB by its colour profile" if frame.colours == "converted" else UNUSED)
    if spec.shape[0] == 1 and not frame.grey:
        done.append("colours turned to grey")
    return f"{shown(path.name)}: {'; '.join(done)}" if done else ""
