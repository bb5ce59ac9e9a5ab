"""Pictures of any size through a generator that is given one, and back with their depth and transparency."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.files.findings import shown
from multigan.plugins.fitted import Taken
from multigan.plugins.image.deep import colours_of
from multigan.plugins.image.degrade import HOLE, LUMA
from multigan.plugins.image.fitting import plain
from multigan.plugins.image.opening import TOO_MANY, Header, look, made_smaller
from multigan.plugins.image.ranges import INTEGERS, Ranges, extremes, from_meta, value_ranges

__all__ = ["take_in"]

MODES = {1: "L", 3: "RGB", 4: "RGBA"}
WHOLE = (2**20, 2**20)
"""Room for every picture: none comes smaller than it is."""
CLEAR = 0.5
"""Below it, alpha counts as transparent."""
BYTES, DEPTHS = (0.0, 255.0), (0.0, 65535.0)

Array = NDArray[Any]


@dataclass(frozen=True)
class _Split:
    """A picture `(height, width, channels)` whose black and white are `scale`, and its transparency in [0, 1]."""

    values: Array
    scale: tuple[float, float] = BYTES
    alpha: Image.Image | None = None  # of mode L or F

    @property
    def is_deep(self) -> bool:
        return self.values.dtype == np.uint16


def take_in(path: Path, spec: Spec) -> Taken:
    """An upright picture of its own size as an input.

    What is transparent is put back as it was, and 16 bits a channel come back as 16: grey and colours of PNG files.
    For a generator that fills holes, what is transparent is the hole.

    Args:
        path: the file.
        spec: of an input.

    Raises:
        DataError: it is no picture, or has nothing to be filled where that is asked for.
    """
    hole = bool(spec.meta.get(HOLE))
    mode = MODES.get(spec.shape[0] - hole)
    if mode is None:
        raise DataError(f"inputs of {spec.shape[0]} channels", "1, 3 or 4 channels", "use another generator")
    header, found = look(path, lambda picture: _split(picture, mode, from_meta(spec.meta)), WHOLE)
    if found is None:
        given = f"{shown(path)} is no readable picture ({shown(header.fault)})"
        if TOO_MANY in header.fault:
            raise DataError(given, "a picture of fewer pixels", made_smaller(path))
        raise DataError(given, "a PNG or JPEG file", "check the path")
    found = _deeper(path, header, mode) or found
    raw = torch.from_numpy(found.values).permute(2, 0, 1)
    if hole:
        raw = torch.cat([raw, _missing(path, found).to(raw.dtype)[None]])
    alpha = None if hole else found.alpha
    return Taken(
        raw,
        partial(_to_input, scale=found.scale, hole=hole),
        partial(_to_kept, found=found),
        partial(_from_kept, found=found),
        partial(_back, alpha=alpha),
    )


def _split(picture: Image.Image, mode: str, ranges: Ranges) -> _Split:
    """Values in 8 bits, or 16 of grey ones that have them; and the transparency where there is some that they lack."""
    reached = extremes(picture)
    if reached is not None and reached[0] == INTEGERS:
        low, high = ranges.get(INTEGERS) or value_ranges([reached])[INTEGERS]
        if low >= 0 and 255 < high <= DEPTHS[1]:
            values = np.asarray(picture).clip(low, high).astype(np.uint16)[..., None]
            return _Split(values.repeat(len(mode), 2) if mode == "RGB" else _opaque(values, mode), (low, high))
    clear = mode != "RGBA" and ("A" in picture.getbands() or "transparency" in picture.info)
    alpha = picture.convert("RGBA").getchannel("A") if clear else None
    opaque = picture.convert("RGBA").convert("RGB") if clear else picture
    array = np.array(plain(opaque, mode, ranges), dtype=np.uint8)
    return _Split(array.reshape(picture.height, picture.width, -1), alpha=alpha)


def _opaque(values: Array, mode: str) -> Array:
    """Grey values for a generator of one channel, or of four."""
    if mode == "L":
        return values
    full = np.full_like(values, int(DEPTHS[1]))
    return np.concatenate([values.repeat(3, 2), full], 2)


def _deeper(path: Path, header: Header, mode: str) -> _Split | None:
    """Of a PNG with 16 bits for each colour all of them; None of others, and where a profile changes its colours."""
    values = colours_of(path) if header.format == "PNG" and header.colours != "converted" else None
    if values is None:
        return None
    alpha = None
    if values.shape[2] == 4 and mode != "RGBA":
        alpha = Image.fromarray(values[..., 3].astype(np.float32) / np.float32(DEPTHS[1]))
        values = np.ascontiguousarray(values[..., :3])
    elif mode == "RGBA" and values.shape[2] == 3:
        values = np.concatenate([values, np.full_like(values[..., :1], int(DEPTHS[1]))], 2)
    if mode == "L":
        values = (values.astype(np.float32) @ np.array(LUMA, dtype=np.float32)).round().astype(np.uint16)[..., None]
    return _Split(values, DEPTHS, alpha)


def _missing(path: Path, found: _Split) -> Tensor:
    """Where a picture is transparent, bool `(height, width)`."""
    alpha = None if found.alpha is None else _shares(found.alpha)
    if alpha is None or not (alpha < CLEAR).any():
        raise DataError(f"{shown(path)} has no hole", "a part that is transparent", "erase what is to be filled")
    return torch.from_numpy(alpha < CLEAR)


def _shares(alpha: Image.Image) -> NDArray[np.float32]:
    shares = np.asarray(alpha, dtype=np.float32)
    return shares if alpha.mode == "F" else shares / np.float32(255)


def _to_input(raw: Tensor, scale: tuple[float, float], hole: bool) -> Tensor:
    """A part of the picture in [-1, 1]; with a hole zeros there, and the channel that says where."""
    low, high = scale
    picture = (raw[:-1] if hole else raw).float()
    picture = picture / 127.5 - 1 if scale == BYTES else (picture - low) * (2 / (high - low)) - 1
    if not hole:
        return picture
    missing = raw[-1:].float()
    return torch.cat([torch.where(missing > 0, 0.0, picture), missing])


def _scale(found: _Split, channels: int) -> tuple[float, float]:
    """Black and white of what comes out: those of the file, where it was grey and still is."""
    return found.scale if not found.is_deep or channels == 1 else DEPTHS


def _to_kept(made: Tensor, found: _Split) -> Tensor:
    """A part of an output in the steps of a file, uint8 or uint16."""
    low, high = _scale(found, len(made))
    steps: Tensor = ((made.float().clamp(-1, 1) + 1) * ((high - low) / 2) + low).round()
    return steps.to(torch.uint16 if found.is_deep else torch.uint8)


def _from_kept(kept: Tensor, found: _Split) -> Tensor:
    low, high = _scale(found, len(kept))
    return (kept.float() - low) * (2 / (high - low)) - 1


def _back(kept: Tensor, alpha: Image.Image | None) -> Any:
    """A picture of Pillow's, or uint16 `(height, width, channels)` of one with 16 bits."""
    if len(kept) == 2:
        kept = kept[[0, 1, 1]]
    values = np.ascontiguousarray(kept.permute(1, 2, 0).numpy())
    deep = values.dtype == np.uint16
    if alpha is not None and values.shape[2] in (1, 3):
        size = (values.shape[1], values.shape[0])
        alpha = alpha if alpha.size == size else alpha.resize(size, Image.Resampling.BICUBIC)
        steps = (_shares(alpha).clip(0, 1) * (DEPTHS[1] if deep else 255)).round().astype(values.dtype)
        values = np.concatenate([values, steps[..., None]], 2)
    return values if deep else Image.fromarray(values[..., 0] if values.shape[2] == 1 else values)
