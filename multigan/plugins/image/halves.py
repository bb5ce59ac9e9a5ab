"""Pictures that hold two side by side, as the data sets of pix2pix come: an input and its target."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from PIL import Image

from multigan.files.manifest import list_at
from multigan.files.walk import walk
from multigan.plugins.image.opening import Header, look

__all__ = ["Half", "file_size", "halves", "look_at_half"]

Half = Literal["whole", "left", "right"]
LOOKED_AT = 64
T = TypeVar("T")


def halves(place: Path, suffixes: tuple[str, ...]) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """Options of the loader for inputs and targets of files that hold both; None where a place holds no such files.

    A list of pairs (CSV, TSV, JSONL), also one in a folder, has a column for each; a folder whose pictures (up to 64
    are looked at) are all twice as wide as high has them side by side.
    """
    if (found := list_at(place, suffixes)) is not None:
        return {"column": found.source}, {"column": found.target}
    files = [file for file in walk(place).files if file.name.lower().endswith(suffixes)]
    looked = files[:: max(1, len(files) // LOOKED_AT)]
    sizes = [size for file in looked if (size := file_size(file)) is not None]
    if len(sizes) < 2 or any(width != 2 * height for width, height in sizes):
        return None
    return {"half": "left"}, {"half": "right"}


def look_at_half(
    half: Half, path: Path, act: Callable[[Image.Image], T], room: tuple[int, int]
) -> tuple[Header, T | None]:
    """Like `look`, for one half of the picture; the middle column of an odd width is left out."""

    def on_half(picture: Image.Image) -> T:
        width = picture.width // 2
        left = 0 if half == "left" else picture.width - width
        return act(picture.crop((left, 0, left + width, picture.height)))

    header, found = look(path, on_half, (room[0], 2 * room[1]))
    return header._replace(size=(header.size[0], header.size[1] // 2)), found


def file_size(file: Path) -> tuple[int, int] | None:
    """Width and height of a picture, by its header alone; None where it has none that can be read."""
    try:
        with Image.open(file) as image:
            return image.size
    except Exception:  # decoders raise errors of their own kinds; the loader names the file
        return None
