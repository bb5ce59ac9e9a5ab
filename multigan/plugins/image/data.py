"""Pictures from anywhere to one uint8 tensor, with a report of what was done to them."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from multigan.draw import Draw
from multigan.errors import DataError, did_you_mean
from multigan.folders import beside, sort_out
from multigan.plugins.image import idx
from multigan.plugins.image.stacked import stack
from multigan.plugins.image.upright import upright
from multigan.types import Data, Spec

__all__ = [
    "SUFFIXES",
    "FilePictures",
    "Header",
    "Options",
    "Pictures",
    "common_mode",
    "common_size",
    "fitted",
    "header",
    "labels_of",
    "load",
    "open_picture",
    "pair",
]

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
IN_MEMORY_BYTES = 2 * 2**30
FOLDER_SIZE = 64
DECODERS = 4


class Options(NamedTuple):
    """See `ImageModality.load`."""

    size: int | tuple[int, int] = 0
    channels: str | int = "auto"
    fit: str = "crop"
    flip: bool = False
    root: str = "data"
    stack: int = 0


class Pictures:
    """Pictures in memory.

    Args:
        items: uint8 `(n, channels, height, width)`.
        flip: whether the second half are the mirror images of the first.
    """

    resident = True

    def __init__(self, items: Tensor, flip: bool = False) -> None:
        self.items = items
        self.groups = torch.arange(len(items)) % (len(items) // 2 if flip else max(len(items), 1))

    def __len__(self) -> int:
        return len(self.items)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """uint8 `(batch, channels, height, width)`."""
        return self.items[indices]


class FilePictures:
    """Pictures read from their files when they are needed, for sets that do not fit into memory.

    Args:
        files: readable pictures; with `flip`, number n + i is the mirror image of number i.
        decode: file to uint8 `(channels, height, width)`.
        flip: whether mirror images count.
    """

    resident = False

    def __init__(self, files: Sequence[Path], decode: Callable[[Path], Tensor], flip: bool) -> None:
        self.files, self.decode, self.flip = files, decode, flip
        self.groups = torch.arange(len(self)) % len(files)

    def __len__(self) -> int:
        return len(self.files) * (2 if self.flip else 1)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """uint8 `(batch, channels, height, width)`."""
        n = len(self.files)
        items = [self.decode(self.files[i % n]) for i in indices.tolist()]
        return torch.stack([item.flip(-1) if i >= n else item for i, item in zip(indices.tolist(), items, strict=True)])


def load(source: str, options: Options) -> Data:
    """Read pictures; see `ImageModality.load`."""
    if source == "stacked-digits":
        return stack(_single("digits", options), options.stack or 2)
    single = _single(source, options)
    return stack(single, options.stack) if options.stack else single


def _single(source: str, options: Options) -> Data:
    if source == "digits":
        return _digits(options)
    if source.startswith("torchvision:"):
        return _torchvision(source.removeprefix("torchvision:"), options)
    path = Path(source).expanduser()
    if not path.exists():
        hint = did_you_mean(path.name, [*beside(path), "digits", "stacked-digits"])
        raise DataError(
            f"there is no '{source}'", "a folder, an idx file, digits, stacked-digits or torchvision:NAME", hint
        )
    if idx.is_idx(path):
        images, labels, report = idx.read(path)
        return _from_array(images, labels, None, report, options)
    return _folder(path, options)


def _digits(options: Options) -> Data:
    """1,797 real handwritten digits, 8 × 8, that come with scikit-learn (Alpaydin & Kaynak 1998), enlarged."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    grey = np.round(bunch.images * (255 / 16)).astype(np.uint8)[..., None]
    options = options._replace(size=options.size or 16)
    report = ("digits: 1,797 handwritten digits of 8 × 8 pixels",)
    return _from_array(grey, torch.from_numpy(bunch.target).long(), tuple("0123456789"), report, options)


def _torchvision(name: str, options: Options) -> Data:
    from torchvision import datasets

    sets = [key for key in datasets.__all__ if isinstance(getattr(datasets, key), type)]
    if name not in sets:
        raise DataError(f"torchvision has no data set '{name}'", "the name of one", did_you_mean(name, sets))
    try:
        found = getattr(datasets, name)(options.root, download=True)
    except (TypeError, RuntimeError, OSError) as error:
        raise DataError(
            f"torchvision:{name} could not be read from '{options.root}': {error}",
            "its files there, or a connection to download them",
            "put the files there, or type --set data.root=FOLDER",
        ) from error
    pictures = [(upright(picture), label) for picture, label in (found[i] for i in range(len(found)))]
    labels = [int(label) for _, label in pictures] if isinstance(pictures[0][1], int) else None
    first = pictures[0][0]
    size = pair(options.size) if options.size else (first.height, first.width)
    mode = common_mode(options.channels, Counter(picture.mode for picture, _ in pictures))
    items = torch.stack([fitted(picture, size, mode, options.fit) for picture, _ in pictures])
    classes = tuple(getattr(found, "classes", ()))
    report = (f"torchvision:{name}: {len(items):,} pictures",)
    return _data(items, None if labels is None else torch.tensor(labels), classes, report, options.flip)


def _from_array(
    images: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]",
    labels: Tensor | None,
    classes: tuple[str, ...] | None,
    report: tuple[str, ...],
    options: Options,
) -> Data:
    """uint8 `(n, h, w, c)` of one size, resized where another is wanted."""
    own = (images.shape[1], images.shape[2])
    size = pair(options.size) if options.size else own
    mode = common_mode(options.channels, Counter({"RGB" if images.shape[3] == 3 else "L": len(images)}))
    if size == own and mode == ("RGB" if images.shape[3] == 3 else "L"):
        items = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    else:
        pictures = (Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image) for image in images)
        items = torch.stack([fitted(picture, size, mode, options.fit) for picture in pictures])
        report = (*report, f"resized from {own[1]} × {own[0]} to {size[1]} × {size[0]}")
    if classes is None and labels is not None:
        classes = tuple(str(k) for k in range(int(labels.max()) + 1))
    return _data(items, labels, classes or (), report, options.flip)


class Header(NamedTuple):
    """What a file says of itself: size (height, width) and mode of its upright picture, or why it has none.

    `turned`: whether its EXIF mark asked for turning or mirroring, which was done.
    """

    path: Path
    size: tuple[int, int]
    mode: str
    fault: str = ""
    turned: bool = False


def _folder(path: Path, options: Options) -> Data:
    pictures, rest = sort_out(path, SUFFIXES)
    others = Counter(file.suffix.lower() or "no ending" for file in rest)
    with ThreadPoolExecutor(DECODERS) as pool:
        headers = list(pool.map(header, pictures))
    good = [header for header in headers if not header.fault]
    if not good:
        faults = "; ".join(f"{h.path.name}: {h.fault}" for h in headers[:3]) or f"{len(rest)} files, no picture"
        raise DataError(f"no readable picture in {path} ({faults})", "PNG, JPEG or WebP files", "check the folder")
    height, width = pair(options.size) if options.size else common_size(good)
    mode = common_mode(options.channels, Counter(header.mode for header in good))
    labels, classes = labels_of(path, good)
    report = _report(path, headers, others, (height, width), mode, options.fit)

    def decode(file: Path) -> Tensor:
        with Image.open(file) as image:
            return fitted(upright(image), (height, width), mode, options.fit)

    kept = [header.path for header in good]
    bands = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    if len(kept) * height * width * bands * (2 if options.flip else 1) > IN_MEMORY_BYTES:
        source = FilePictures(kept, decode, options.flip)
        labels = torch.cat([labels, labels]) if labels is not None and options.flip else labels
        return Data(source, Spec("image", (bands, height, width), classes), labels, (*report, "read as needed"))
    with ThreadPoolExecutor(DECODERS) as pool:
        items = torch.stack(list(pool.map(decode, kept)))
    return _data(items, labels, classes, report, options.flip)


def header(path: Path) -> Header:
    """Size and mode; the whole file is decoded once, because a truncated one only fails then."""
    return open_picture(path)[0]


def open_picture(path: Path) -> tuple[Header, Image.Image | None]:
    """What a file is and its decoded, upright picture, or why there is none; no fault of a file is raised."""
    try:
        if path.stat().st_size == 0:
            return Header(path, (0, 0), "", "empty file"), None
        with Image.open(path) as image:
            picture = upright(image)
            return Header(path, (picture.height, picture.width), picture.mode, turned=picture is not image), picture
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        fault = "no picture" if isinstance(error, UnidentifiedImageError) else str(error)
        return Header(path, (0, 0), "", fault), None


def common_size(headers: Sequence[Header]) -> tuple[int, int]:
    """The size that most pictures have; large ones are brought to a short side of at most 64."""
    height, width = Counter(header.size for header in headers).most_common(1)[0][0]
    factor = min(1.0, FOLDER_SIZE / min(height, width))
    height, width = round(height * factor), round(width * factor)
    # Pictures of many shapes get a square.
    return (height, width) if max(height, width) <= 2 * FOLDER_SIZE else (FOLDER_SIZE, FOLDER_SIZE)


def common_mode(channels: str | int, modes: Counter[str]) -> str:
    """`"L"` where every picture is grey and nothing else is asked for, else `"RGB"` (or what is asked for)."""
    if channels != "auto":
        return {1: "L", 3: "RGB", 4: "RGBA"}[int(channels)]
    grey = sum(count for mode, count in modes.items() if mode in ("1", "L", "I", "I;16", "F", "LA"))
    return "L" if grey == sum(modes.values()) else "RGB"


def fitted(image: Image.Image, size: tuple[int, int], mode: str, fit: str) -> Tensor:
    """A picture as uint8 `(channels, height, width)` of the wanted size and mode."""
    if image.mode in ("I", "I;16", "I;16B", "F"):
        # Scientific pictures use their own range: the whole range becomes black to white.
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if values.max() > 255 else 255.0
        image = Image.fromarray((values.clip(0, top) * (255 / top)).round().astype(np.uint8))
    if mode != "RGBA" and ("A" in image.getbands() or "transparency" in image.info):
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    image = image.convert(mode)
    height, width = size
    if image.size != (width, height):
        image = _resized(image, (width, height), fit)
    array = np.array(image, dtype=np.uint8).reshape(height, width, -1)
    return torch.from_numpy(array).permute(2, 0, 1).contiguous()


def _resized(image: Image.Image, size: tuple[int, int], fit: str) -> Image.Image:
    method = Image.Resampling.BICUBIC if image.size < size else Image.Resampling.LANCZOS
    if fit == "stretch":
        return image.resize(size, method)
    if fit == "pad":
        corner = image.getpixel((0, 0))
        return ImageOps.pad(image, size, method, color=corner)  # type: ignore[arg-type]
    return ImageOps.fit(image, size, method)


def labels_of(path: Path, headers: Sequence[Header]) -> tuple[Tensor | None, tuple[str, ...]]:
    """Labels from the first level of sub-folders, where every picture is in one."""
    if path.is_file():
        return None, ()
    parts = [header.path.relative_to(path).parts for header in headers]
    classes = tuple(sorted({part[0] for part in parts}))
    if any(len(part) < 2 for part in parts) or len(classes) < 2:
        return None, ()
    return torch.tensor([classes.index(part[0]) for part in parts]), classes


def _report(
    path: Path, headers: Sequence[Header], others: Counter[str], size: tuple[int, int], mode: str, fit: str
) -> tuple[str, ...]:
    good = [header for header in headers if not header.fault]
    bad = [header for header in headers if header.fault]
    resized = sum(header.size != size for header in good)
    converted = sum(header.mode != mode for header in good)
    turned = sum(header.turned for header in good)
    lines = [f"{path}: {len(good):,} pictures, as {size[1]} × {size[0]} {mode}"]
    lines += [f"{turned:,} turned upright, as their EXIF marks say"] if turned else []
    lines += [f"{resized:,} brought to that size ({fit})"] if resized else []
    lines += [f"{converted:,} converted to {mode}"] if converted else []
    lines += [f"{len(bad):,} unreadable: " + ", ".join(f"{h.path.name} ({h.fault})" for h in bad[:5])] if bad else []
    lines += [f"{sum(others.values()):,} other files left out: {', '.join(sorted(others))}"] if others else []
    if len(good) < 100:
        lines.append(f"only {len(good)} pictures: the generator will mostly learn them by heart")
    return tuple(lines)


def _data(items: Tensor, labels: Tensor | None, classes: tuple[str, ...], report: tuple[str, ...], flip: bool) -> Data:
    if flip:
        items = torch.cat([items, items.flip(-1)])
        labels = None if labels is None else torch.cat([labels, labels])
        report = (*report, f"with mirror images: {len(items):,}")
    return Data(Pictures(items, flip), Spec("image", tuple(items.shape[1:]), classes), labels, report)


def pair(size: int | tuple[int, int]) -> tuple[int, int]:
    """(height, width) of `data.size`, at least 4 pixels each."""
    both = (size, size) if isinstance(size, int) else (size[0], size[1])
    if min(both) < 4:
        raise DataError(f"data.size = {size}", "at least 4 pixels", "type --set data.size=32")
    return both
