"""Pictures of any size through a generator that is given one, and back with their transparency."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.files.findings import shown
from multigan.plugins.fitted import Taken
from multigan.plugins.image.degrade import HOLE
from multigan.plugins.image.fitting import plain
from multigan.plugins.image.opening import look
from multigan.plugins.image.ranges import from_meta
from multigan.plugins.image.render import to_pil

__all__ = ["take_in"]

MODES = {1: "L", 3: "RGB", 4: "RGBA"}
WHOLE = (2**20, 2**20)
"""Room for every picture: none comes smaller than it is."""
CLEAR = 128
"""Below it, alpha counts as transparent."""


def take_in(path: Path, spec: Spec) -> Taken:
    """An upright picture of its own size as an input.

    What is transparent is put back as it was; for a generator that fills holes, it is the hole.

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
    header, found = look(path, lambda picture: _split(picture, mode, spec), WHOLE)
    if found is None:
        given = f"{shown(path)} is no readable picture ({shown(header.fault)})"
        raise DataError(given, "a PNG or JPEG file", "check the path")
    picture, alpha = found
    if not hole:
        return Taken(picture, lambda made: _back(made, alpha))
    if alpha is None or not (np.array(alpha) < CLEAR).any():
        raise DataError(f"{shown(path)} has no hole", "a part that is transparent", "erase what is to be filled")
    missing = torch.from_numpy(np.array(alpha) < CLEAR)[None]
    return Taken(torch.cat([torch.where(missing, 0.0, picture), missing.float()]), lambda made: _back(made, None))


def _split(picture: Image.Image, mode: str, spec: Spec) -> tuple[Tensor, Image.Image | None]:
    """Values `(channels, height, width)` in [-1, 1], and the transparency where there is some that they leave out."""
    clear = mode != "RGBA" and ("A" in picture.getbands() or "transparency" in picture.info)
    alpha = picture.convert("RGBA").getchannel("A") if clear else None
    opaque = picture.convert("RGBA").convert("RGB") if clear else picture
    array = np.array(plain(opaque, mode, from_meta(spec.meta)), dtype=np.uint8)
    pixels = torch.from_numpy(array.reshape(picture.height, picture.width, -1)).permute(2, 0, 1)
    return pixels.float() / 127.5 - 1, alpha


def _back(made: Tensor, alpha: Image.Image | None) -> Image.Image:
    (picture,) = to_pil(made[None])
    if alpha is not None and picture.mode in ("L", "RGB"):
        picture.putalpha(alpha if alpha.size == picture.size else alpha.resize(picture.size, Image.Resampling.BICUBIC))
    return picture
