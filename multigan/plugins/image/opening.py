"""One look at the file of a picture, for training and the doctor alike: what it is, or why it is left out."""

import re
import stat
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from PIL import Image, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from multigan.core.shell import typed
from multigan.files.findings import shown
from multigan.plugins.image.colours import Colours, in_srgb, profile_of
from multigan.plugins.image.ranges import DEEP, Extremes, extremes
from multigan.plugins.image.upright import is_sideways, upright
from multigan.provenance.labels import SOURCE_TYPE

__all__ = [
    "LARGEST_PIXELS",
    "TOO_MANY",
    "Header",
    "each",
    "faults",
    "header",
    "look",
    "look_at",
    "made_smaller",
    "nothing",
    "quiet",
    "too_large",
]

LARGEST_PIXELS = 50_000_000
LARGEST_COPIED_PIXELS = 30_000_000
"""Of formats whose decoders hold a picture several times."""
LARGEST_PHOTO_PIXELS = 200_000_000
"""Of JPEGs that are not progressive: these are decoded at a fraction of their size, which needs little memory."""
MEDIUM_PIXELS = 4_000_000
"""From here on, two pictures at a time are decoded."""
LARGE_PIXELS = 16_000_000
"""From here on, one at a time, and shrunk before anything else is done to it."""
GAP = 3
"""Large pictures are shrunk to this many times what is wanted, so that the last step still decides their look."""
ROOM = (64, 64)
DECODERS = 4
PLAIN = ("PNG", "BMP", "DIB", "PPM", "JPEG", "MPO")
JPEG = b"\xff\xd8\xff"
# Not PostScript and the like, which Pillow hands to other programs, nor TGA, which has no mark: any bytes may be one.
FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "BMP", "DIB", "GIF", "TIFF", "AVIF", "JPEG2000", "PPM", "ICO")

TOO_MANY = "pixels, more than the "
_PIXELS = re.compile(r"\((\d+) pixels\)")
"""How many, in what Pillow says of a picture that alarms it."""

T = TypeVar("T")
Item = TypeVar("Item")
_FEW_AT_A_TIME = threading.BoundedSemaphore(2)
_ONE_AT_A_TIME = threading.Lock()


class Header(NamedTuple):
    """What a file says of itself, or why it is left out.

    Attributes:
        path: the file.
        size: (height, width) of its upright picture.
        mode: as Pillow names it.
        fault: why it cannot be used, or "".
        turned: whether its EXIF mark asked for turning or mirroring, which was done.
        format: what its bytes are, as Pillow names it.
        reached: lowest and highest value, where it has more than 8 bits.
        synthetic: whether it says of itself that MultiGAN made it.
        animated: whether it holds more frames than the first, which is read.
        colours: whether they are converted to sRGB, by its profile, or the profile is ignored as it is of no use.
    """

    path: Path
    size: tuple[int, int]
    mode: str
    fault: str = ""
    turned: bool = False
    format: str = ""
    reached: Extremes | None = None
    synthetic: bool = False
    animated: bool = False
    colours: Colours = ""


def header(path: Path) -> Header:
    """Size and mode; the whole file is decoded once, because a truncated one only fails then."""
    return look(path, nothing)[0]


def nothing(picture: Image.Image) -> None:
    """For a look that only asks whether there is a picture, and what it is."""


def look(path: Path, act: Callable[[Image.Image], T], room: tuple[int, int] = ROOM) -> tuple[Header, T | None]:
    """Decode a file, turn its picture upright, bring its colours to sRGB and `act` on it; no fault of a file is raised.

    A picture of more than 16 megapixels comes to `act` smaller than it is, and one at a time.

    Args:
        path: of the file.
        act: what is done with the picture. Whatever it raises is the file's fault too.
        room: (height, width) that `act` wants; a large picture keeps at least three times as much.

    Returns:
        What the file is, and what `act` returned, or None where there is a fault.
    """
    return look_at(path, partial(_opened, path), act, room)


def look_at(
    path: Path, fetch: Callable[[], Image.Image], act: Callable[[Image.Image], T], room: tuple[int, int] = ROOM
) -> tuple[Header, T | None]:
    """Like `look`, for a picture from anywhere.

    Args:
        path: what it is called.
        fetch: gives the picture; its pixels may still be undecoded.
        act: see `look`.
        room: see `look`.
    """
    try:
        with fetch() as image:
            if fault := too_large(image):
                return _faulty(path, fault), None
            return _in_turn(image, partial(_looked, path, image, act, room))
    # Broken files raise whatever a decoder happens to stumble over: the file is named, and all others go on.
    except Exception as error:
        return _faulty(path, faults(error)), None


def each(items: Sequence[Item], act: Callable[[Item], T], tick: Callable[[int, int], None] | None = None) -> list[T]:
    """`act` on every item, several at a time, without Pillow's warnings about broken files.

    Args:
        items: files or whatever.
        act: from an item to a result.
        tick: `tick(done, total)` after each.
    """
    results = []
    with quiet(), ThreadPoolExecutor(DECODERS) as pool:
        for number, result in enumerate(pool.map(act, items), 1):
            results.append(result)
            if tick is not None:
                tick(number, len(items))
    return results


@contextmanager
def quiet() -> Iterator[None]:
    """Pillow's warnings stay unsaid: what is wrong with a file is said in our own words, with its name."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="PIL")
        yield


def too_large(image: Image.Image) -> str:
    """Why a picture, of which only the header was read, has too many pixels; "" where it has not."""
    most = LARGEST_PIXELS if image.format in (None, *PLAIN) else LARGEST_COPIED_PIXELS
    if image.format in ("JPEG", "MPO") and not (image.info.get("progressive") or image.info.get("progression")):
        most = LARGEST_PHOTO_PIXELS
    if image.width * image.height <= most:
        return ""
    return f"{image.width:,} × {image.height:,} {TOO_MANY}{most:,} that are read"


def made_smaller(path: Path) -> str:
    """What to type for a picture of too many pixels; none of these is larger than what is read of any kind."""
    return f"make it smaller: magick {typed(shown(path))} -resize 4000x4000 smaller.png, or cut it into pieces"


def faults(error: Exception) -> str:
    """What is wrong with a file whose decoder raised `error`, for one line of print."""
    if isinstance(error, UnidentifiedImageError):
        return "no picture"
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        found = _PIXELS.search(str(error))
        count = f"{int(found[1]):,} " if found else "more "
        return f"{count}{TOO_MANY}{LARGEST_PIXELS:,} that are read"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, OSError | SyntaxError | ValueError) and str(error):
        return str(error)
    return f"cannot be decoded ({type(error).__name__}{': ' if str(error) else ''}{error})"


def _faulty(path: Path, fault: str) -> Header:
    return Header(path, (0, 0), "", fault)


def _opened(path: Path) -> Image.Image:
    """The picture with its header read; a JPEG without Pillow's alarm at its size, as it is decoded at a fraction."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("no regular file")
    if not status.st_size:
        raise ValueError("empty file")
    with path.open("rb") as file:
        start = file.read(len(JPEG))
    if start == JPEG:
        return JpegImageFile(path)
    Image.init()
    return Image.open(path, formats=[name for name in FORMATS if name in Image.OPEN])


def _in_turn(image: Image.Image, work: Callable[[], T]) -> T:
    pixels = image.width * image.height
    if pixels <= MEDIUM_PIXELS:
        return work()
    if pixels <= LARGE_PIXELS:
        with _FEW_AT_A_TIME:
            return work()
    # A thread of its own: what an allocator keeps for each thread would add up to a large picture for each decoder.
    with _ONE_AT_A_TIME, ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _looked(
    path: Path, image: Image.Image, act: Callable[[Image.Image], T], room: tuple[int, int]
) -> tuple[Header, T | None]:
    width, height = image.size
    large = width * height > LARGE_PIXELS
    animated = image.format != "MPO" and bool(getattr(image, "is_animated", False))
    if large:
        image.draft(image.mode, (GAP * room[1], GAP * room[0]))  # only JPEGs heed it
    picture = upright(image)
    profile, colours = profile_of(image)
    if picture is not image and is_sideways(image):
        width, height = height, width
    found = Header(
        path,
        (height, width),
        picture.mode,
        turned=picture is not image,
        format=image.format or "",
        reached=extremes(picture),
        synthetic=_is_synthetic(image),
        animated=animated,
        colours=colours,
    )
    if large:
        small = _shrunk(picture, room)
        if small is not picture:
            picture.close()  # gives its pixels back before the next large one is decoded
            image.close()
        picture = small
    return found, act(picture if act is nothing else in_srgb(picture, profile))


def _shrunk(picture: Image.Image, room: tuple[int, int]) -> Image.Image:
    """At least `GAP` times the room that is wanted; averages of whole blocks of pixels."""
    factor = min(picture.width // (GAP * room[1]), picture.height // (GAP * room[0]))
    if factor < 2:
        return picture
    if picture.mode in ("P", "PA"):
        picture = picture.convert("RGBA" if picture.mode == "PA" or "transparency" in picture.info else "RGB")
    elif picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode in DEEP and picture.mode != "F":
        picture = picture.convert("I")
    return picture.reduce(factor)


def _is_synthetic(image: Image.Image) -> bool:
    label = image.info.get("multigan") or image.info.get("comment") or ""
    return SOURCE_TYPE in (label.decode("latin-1") if isinstance(label, bytes) else str(label))
