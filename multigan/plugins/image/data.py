"""Pictures from anywhere to uint8 tensors, with a report of what was done to them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError, did_you_mean
from multigan.core.types import Data, Items, Spec
from multigan.files.findings import shown
from multigan.files.listing import absent, as_lines, beside, class_folders, class_of, sort_out
from multigan.files.manifest import list_at
from multigan.files.sides import stem_of
from multigan.files.walk import Walk, report_left_out, walk
from multigan.nets.enlarged import to_meta
from multigan.plugins.image import idx
from multigan.plugins.image.fitting import common_mode, common_size, fitted, pair
from multigan.plugins.image.gathering import Look, gather
from multigan.plugins.image.halves import look_at_half
from multigan.plugins.image.opening import Header, header, look
from multigan.plugins.image.outlined import PART_OF, Part, outlined, plain
from multigan.plugins.image.photos import PHOTO_SIZE, load_photos
from multigan.plugins.image.pieces import ROOM, cut
from multigan.plugins.image.sources import FilePictures, Jittered, Options, Pictures, set_of
from multigan.plugins.image.stacked import stack
from multigan.plugins.image.torchsets import load_torchvision
from multigan.provenance.synthetic import other_lines

__all__ = [
    "EMBEDDED",
    "RELATIVES",
    "SUFFIXES",
    "FilePictures",
    "Header",
    "Options",
    "Pictures",
    "eye",
    "header",
    "labels_of",
    "listed",
    "load",
    "size_of",
]

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
RELATIVES = (".gif", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2", ".ppm", ".pgm", ".svg", ".psd", ".raw", ".dng")
"""Of the same kind of data, and not read."""
DIGITS_SIZE = {"digits": 16, "small-digits": 8}
"""Side of the embedded digits where none is asked for. A recipe for 8 × 8 that names its set, and no size, leaves files
that are put in its place their own."""
EMBEDDED = (*DIGITS_SIZE, "stacked-digits", *PHOTO_SIZE, *PART_OF)
IN_MEMORY_BYTES = 2 * 2**30
DIGITS = Path(__file__).with_name("digits.npz")


def load(source: str, options: Options) -> Data:
    """Read pictures; see `ImageModality.load`."""
    channels = options.stack or (2 if source == "stacked-digits" else 0)
    single = _single("digits" if source == "stacked-digits" else source, options)
    data = stack(single, channels) if channels else single
    return replace(data, items=Jittered(data.items, options.jitter)) if options.jitter else data


def _single(source: str, options: Options) -> Data:
    if options.crops and (source in EMBEDDED or source.startswith("torchvision:")):
        given = f"data.crops = {options.crops} with '{source}'"
        raise DataError(given, "files of pictures, which can be cut", "type --set data.crops=0", key=["crops"])
    if source in DIGITS_SIZE:
        return _digits(options, DIGITS_SIZE[source])
    if source in PHOTO_SIZE:
        return load_photos(options, PHOTO_SIZE[source])
    if source in PART_OF:
        return _part_of_digits(PART_OF[source], options)
    if source.startswith("torchvision:"):
        return load_torchvision(source.removeprefix("torchvision:"), options, IN_MEMORY_BYTES)
    path = Path(source).expanduser()
    if not path.exists():
        hint = did_you_mean(path.name, [*beside(path), *EMBEDDED])
        raise DataError(absent(path), f"a folder, an idx file, {', '.join(EMBEDDED)} or torchvision:NAME", hint)
    if options.column:
        return _column(path, options)
    found = walk(path)
    if idx.image_files(found):
        images, labels, report = idx.read(found)
        data = _from_array(images, labels, None, (*report, *report_left_out(found)), options)
        return replace(data, files=tuple(idx.files_read(found)), root=path)
    return _folder(found, options)


def _digits(options: Options, side: int = 16) -> Data:
    """1,797 real handwritten digits, 8 × 8 (Alpaydin & Kaynak 1998, test part, CC BY 4.0), enlarged to `side`."""
    with np.load(DIGITS, allow_pickle=False) as kept:
        images, labels = kept["images"], kept["labels"]
    grey = np.round(images * (255 / 16)).astype(np.uint8)[..., None]
    options = options._replace(size=options.size or side)
    report = ("digits: 1,797 handwritten digits of 8 × 8 pixels",)
    return _from_array(grey, torch.from_numpy(labels).long(), tuple("0123456789"), report, options)


def _part_of_digits(part: Part, options: Options) -> Data:
    """Every second digit in three channels, as it is or as an outline: see `multigan.plugins.image.outlined`."""
    data = _digits(options._replace(channels=1, flip=False))
    chosen = torch.arange(part.first, len(data.items), 2)
    digits = data.items.take(chosen, Draw(0))
    items = Pictures(outlined(digits) if part.outlined else plain(digits))
    what = "as outlines, blue on yellow" if part.outlined else "as they are"
    report = (*data.report, f"every second one, {what}: {len(items):,}")
    labels = None if data.labels is None else data.labels[chosen]
    spec = replace(data.spec, shape=(3, *data.spec.shape[1:]))
    return set_of(items, labels, spec, report, options.flip)


def _from_array(
    images: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]",
    labels: Tensor | None,
    classes: tuple[str, ...] | None,
    report: tuple[str, ...],
    options: Options,
) -> Data:
    """uint8 `(n, h, w, 1)` of one size, resized where another is wanted."""
    own = (images.shape[1], images.shape[2])
    size = pair(options.size or own)
    mode = common_mode(options.channels, Counter({"L": len(images)}))
    if size == own and mode == "L":
        items = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    else:
        items = torch.stack([fitted(Image.fromarray(image[..., 0]), size, mode, options.fit) for image in images])
        report = (*report, f"resized from {own[1]} × {own[0]} to {size[1]} × {size[0]}")
    if classes is None and labels is not None:
        labels, classes = idx.classes_of(labels)
    spec = Spec("image", tuple(items.shape[1:]), classes or (), to_meta(own, size))
    return set_of(Pictures(items), labels, spec, report, options.flip)


def eye(options: Options) -> Look:
    """How a file becomes a picture: all of it, or one half."""
    return look if options.half == "whole" else partial(look_at_half, options.half)


def size_of(headers: Sequence[Header], options: Options) -> tuple[int, int]:
    """(height, width) of training on pictures with these headers."""
    return pair(options.size) if options.size else common_size(header.size for header in headers)


def _folder(found: Walk, options: Options) -> Data:
    path = found.root
    pictures, rest = sort_out(found, SUFFIXES)
    result = gather(pictures, eye(options), partial(_room_of, options=options), options, IN_MEMORY_BYTES)
    if isinstance(result, list):
        raise _no_picture(found, result, rest)
    files = [header.path for header in result.headers]
    labels, classes = labels_of(path, result.headers)
    height, width = result.size
    items = _cut(result.items, options.crops)
    lines = [f"{shown(path)}: {counted(len(files), 'picture')}, as {width} × {height} {result.mode}", *result.lines]
    lines += [
        *other_lines(path, rest, SUFFIXES, RELATIVES, "pictures"),
        *report_left_out(found),
        *(() if options.column else as_lines(class_folders(found, files, "pictures", result.own))),
    ]
    if len(files) < 100:
        lines.append(f"only {counted(len(files), 'picture')}: the generator will mostly learn them by heart")
    if options.crops:
        lines.append(f"each cut into {options.crops:,} pieces, a quarter to a half as wide: {len(items):,}")
        labels = None if labels is None else labels.repeat_interleave(options.crops)
    shape = (result.shape[0], *size_of(result.headers, options)) if options.crops else result.shape
    data = set_of(items, labels, Spec("image", shape, classes, result.meta), lines, options.flip)
    if options.crops:  # those of one picture are held out together
        data.items.groups = torch.arange(len(data.items)) % len(items) // options.crops  # type: ignore[attr-defined]
    names = tuple(stem_of(file, path) for file in files)
    return replace(data, files=tuple(files), root=path, names=names)


def listed(path: Path, column: str) -> Walk:
    """The files of one column of a list of pairs, as if they lay in the list's folder.

    Raises:
        DataError: there is no such list or column, or none of its files is there.
    """
    manifest = list_at(path, SUFFIXES)
    if manifest is None or column not in (manifest.source, manifest.target):
        columns = f"one of {manifest.source}, {manifest.target}" if manifest else "a list with paths of pictures"
        raise DataError(f"{shown(path)} has no column '{column}' of pictures", columns, "check data.column")
    files = manifest.files(column)
    if not files:
        given = f"none of the files in column '{column}' of {shown(path)} is there"
        raise DataError(given, "paths relative to the list", "check the paths")
    return Walk(manifest.path.parent, tuple(files))


def _column(path: Path, options: Options) -> Data:
    """The files of a column; their names are those of their lines."""
    found = _folder(listed(path, options.column), options)
    manifest = list_at(path, SUFFIXES)
    if manifest is None:
        return found
    lines = manifest.files(options.column)
    report = (*found.report, f"listed in {shown(manifest.path)}", *as_lines(manifest.lost()))
    names = tuple(lines[file] for file in found.files)
    return replace(found, names=names, labels=None, spec=replace(found.spec, classes=()), report=report)


def _room_of(headers: Sequence[Header], options: Options) -> tuple[int, int]:
    """(height, width) that pictures are brought to, with room for pieces where they are to be cut."""
    height, width = size_of(headers, options)
    return (height * ROOM, width * ROOM) if options.crops else (height, width)


def _cut(items: Items, pieces: int) -> Items:
    if not pieces:
        return items
    if not isinstance(items, Pictures):
        given = f"data.crops = {pieces} of more pictures than memory is given for"
        raise DataError(given, "fewer or smaller ones", "type --set data.crops=0", key=["crops"])
    return Pictures(cut(items.items, pieces))


def _no_picture(found: Walk, headers: Sequence[Header], rest: Sequence[Path]) -> DataError:
    faults = "; ".join(f"{shown(h.path.name)}: {shown(h.fault)}" for h in headers[:3])
    left = "; ".join(report_left_out(found))
    why = "; ".join(filter(None, [faults or f"{counted(len(rest), 'file')}, no picture", left]))
    return DataError(
        f"no readable picture in {shown(found.root)} ({why})", "PNG, JPEG or WebP files", "check the folder"
    )


def labels_of(path: Path, headers: Sequence[Header]) -> tuple[Tensor | None, tuple[str, ...]]:
    """Labels from the first level of sub-folders, where every picture is in one."""
    names = [class_of(path, header.path) for header in headers]
    classes = tuple(sorted(set(names)))
    if "" in classes or len(classes) < 2:
        return None, ()
    return torch.tensor([classes.index(name) for name in names]), classes
