"""Pictures with 16 bits a channel, which Pillow reads and writes in grey alone."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from multigan.plugins.image.upright import upright

__all__ = ["Deep", "colours_of"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KINDS = {1: 0, 2: 4, 3: 2, 4: 6}
"""Of channels: the colour type of PNG."""
HIGH_TO_LOW = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L"}
"""Pillow keeps the first byte of two; told that the second is the higher one, it keeps that."""
ROWS = 64


class Deep:
    """A picture of 16 bits a channel, which is saved like one of Pillow's.

    Args:
        values: uint16 `(height, width)` or `(height, width, channels)` with 1 to 4 channels.

    Source: ISO/IEC 15948:2004 (PNG), sections 5, 9 and 11; rows are filtered by the one above.
    """

    def __init__(self, values: NDArray[np.uint16]) -> None:
        self.values = values if values.ndim == 3 else values[..., None]
        self.height, self.width, self.channels = self.values.shape

    def save(self, path: Path, format: str = "PNG", pnginfo: PngInfo | None = None) -> None:
        """Write a PNG, a few rows at a time."""
        with Path(path).open("wb") as file:
            file.write(SIGNATURE)
            head = struct.pack(">IIBBBBB", self.width, self.height, 16, KINDS[self.channels], 0, 0, 0)
            _chunk(file, b"IHDR", head)
            for name, body, *_ in pnginfo.chunks if pnginfo is not None else ():
                _chunk(file, name, body)
            packer = zlib.compressobj(6)
            for rows in self._filtered():
                if body := packer.compress(rows):
                    _chunk(file, b"IDAT", body)
            _chunk(file, b"IDAT", packer.flush())
            _chunk(file, b"IEND", b"")

    def _filtered(self) -> Iterator[bytes]:
        above = np.zeros((1, self.width * self.channels * 2), np.uint8)
        for start in range(0, self.height, ROWS):
            part = self.values[start : start + ROWS].astype(">u2").reshape(-1, self.width * self.channels)
            rows = np.ascontiguousarray(part).view(np.uint8)
            changes = rows - np.concatenate([above, rows[:-1]])
            above = rows[-1:]
            yield np.concatenate([np.full((len(rows), 1), 2, np.uint8), changes], 1).tobytes()


def colours_of(path: Path) -> NDArray[np.uint16] | None:
    """Colours, and transparency, of an upright PNG of 16 bits a channel, `(height, width, 3 or 4)`; else None."""
    with Image.open(path) as image:
        if image.format != "PNG" or not image.tile or image.tile[0].args not in HIGH_TO_LOW:
            return None
        values: NDArray[np.uint16] = np.left_shift(_decoded(image), 8, dtype=np.uint16)
    with Image.open(path) as image:
        tile: Any = image.tile[0]
        image.tile = [tile._replace(args=HIGH_TO_LOW[tile.args])]
        values |= _decoded(image)
    return values


def _decoded(image: Image.Image) -> NDArray[np.uint8]:
    found: NDArray[np.uint8] = np.asarray(upright(image))
    return found


def _chunk(file: BinaryIO, name: bytes, body: bytes) -> None:
    file.write(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))
