"""MNIST-style idx files, plain or gzipped."""

import gzip
import re
import zlib
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

import numpy as np
import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.errors import DataError
from multigan.files.findings import shown
from multigan.files.walk import Walk, walk

__all__ = ["classes_of", "files_read", "image_files", "is_idx", "read"]

Array: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]"

_IMAGES = re.compile(r"images?[-.]idx3|idx3-ubyte", re.IGNORECASE)
_LABELS = re.compile(r"labels?[-.]idx1|idx1-ubyte", re.IGNORECASE)
LARGEST_BYTES = 2**31
LARGEST_RATIO = 200
"""Of unpacked to packed bytes. Pictures come to about 5, what was made to fill a memory to 1,000."""
SMALL_BYTES = 2**26
PIECE_BYTES = 2**20


def is_idx(path: Path) -> bool:
    """Whether `path` is an idx file of pictures, or a folder that holds some."""
    return bool(image_files(walk(path)))


def image_files(found: Walk) -> list[Path]:
    """The idx files of pictures that lie directly in a folder, or in its sub-folders where none does."""
    if found.files == (found.root,):
        return [found.root] if _IMAGES.search(found.root.name) or found.root.suffix.lower() == ".idx" else []
    files = [file for file in found.files if _IMAGES.search(file.name) and not _LABELS.search(file.name)]
    return [file for file in files if file.parent == found.root] or files


def read(found: Path | Walk) -> tuple[Array, Tensor | None, tuple[str, ...]]:
    """All pictures of one file or folder, and their labels where every file of pictures has its file of labels.

    Returns:
        uint8 `(n, height, width, 1)`, int64 `(n,)` or None, and lines for people.

    Raises:
        DataError: a file is damaged or too large, counts or sizes differ.

    Source: LeCun, Cortes & Burges 1998, "The MNIST database", file format.
    """
    found = found if isinstance(found, Walk) else walk(found)
    files, report = _once(image_files(found))
    images, labels, bare = list[Array](), list[Array](), list[Path]()
    for file in files:
        pictures = _pictures(file, images)
        images.append(pictures)
        twin = _labels_beside(file)
        if twin is None:
            bare.append(file)
        else:
            labels.append(_labels(twin, len(pictures)))
        report.append(
            f"{shown(file.name)}: {counted(len(pictures), 'picture')} of {pictures.shape[2]} × {pictures.shape[1]}"
        )
    report += _unused(found, files)
    whole = images[0] if len(images) == 1 else np.concatenate(images)
    if bare:
        names = ", ".join(shown(file.name) for file in bare)
        report.append(f"without labels: there is no file of labels beside {names}")
    joined = None if bare else torch.from_numpy(np.concatenate(labels).astype(np.int64))
    return whole[..., None], joined, tuple(report)


def files_read(found: Walk) -> list[Path]:
    """Files of the walk that `read` takes, of pictures and of labels, in its order."""
    files, _ = _once(image_files(found))
    labels = [_labels_beside(file) for file in files]
    used = {*files, *(labels if None not in labels else [])}
    return [file for file in found.files if file in used]


def classes_of(labels: Tensor) -> tuple[Tensor, tuple[str, ...]]:
    """Labels counted from 0, and the classes: the numbers that occur, each named by itself.

    Args:
        labels: int64 `(n,)`, any numbers.

    Example:
        >>> classes_of(torch.tensor([3, 1, 3]))
        (tensor([1, 0, 1]), ('1', '3'))
    """
    there, counted = torch.unique(labels, return_inverse=True)
    return counted, tuple(str(number) for number in there.tolist())


def _once(files: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """A file that lies there packed and unpacked, or again under a name with the other dot, is read once."""
    kept: dict[str, Path] = {}
    report = []
    for file in sorted(files, key=lambda file: file.suffix.lower() == ".gz"):
        name = re.sub(r"\.gz$", "", file.name.lower()).replace(".", "-")
        if name in kept:
            report.append(f"{shown(file.name)} left out: {shown(kept[name].name)} is the same")
        else:
            kept[name] = file
    return [file for file in files if file in kept.values()], report


def _pictures(file: Path, before: Sequence[Array]) -> Array:
    pictures = _array(file, 3)
    if not pictures.size:
        raise DataError(f"{shown(file)} holds no picture", "some thousands", "fetch it again")
    if before and pictures.shape[1:] != before[0].shape[1:]:
        sizes = [f"{array.shape[2]} × {array.shape[1]}" for array in (before[0], pictures)]
        raise DataError(
            f"{shown(file)} has pictures of {sizes[1]}, the others {sizes[0]}", "one size", "give one file by its name"
        )
    return pictures


def _labels_beside(file: Path) -> Path | None:
    """The file of labels that belongs to a file of pictures, packed or not, in whatever case."""
    name = re.sub(r"images?([-.])idx3", r"labels\1idx1", file.name, flags=re.IGNORECASE)
    stem = re.sub(r"\.gz$", "", name.lower())
    wanted = [stem, f"{stem}.gz", stem.replace("labels", "label"), stem.replace("labels", "label") + ".gz"]
    there = {other.name.lower(): other for other in file.parent.iterdir() if other != file and other.is_file()}
    return next((there[one] for one in wanted if one in there), None)


def _labels(file: Path, count: int) -> Array:
    labels = _array(file, 1)
    if len(labels) != count:
        raise DataError(f"{shown(file)} has {counted(len(labels), 'label')}", f"{count}, one a picture", "check both")
    return labels


def _unused(found: Walk, files: Sequence[Path]) -> list[str]:
    """What lies beside the idx files and is not read."""
    used = {*files, *filter(None, map(_labels_beside, files)), *image_files(found)}
    rest = [shown(file, found.root) for file in found.files if file not in used and found.root != file]
    return [f"{counted(len(rest), 'other file')} left out: {', '.join(sorted(rest)[:5])}"] if rest else []


def _array(file: Path, dimensions: int) -> Array:
    try:
        with gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb") as opened:
            return _read(file, cast(BinaryIO, opened), dimensions)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{shown(file)} cannot be unpacked: {error}", "a whole file", "fetch it again") from error


def _read(file: Path, opened: BinaryIO, dimensions: int) -> Array:
    """The array that the header claims; what is claimed is checked before it is given memory."""
    head = opened.read(4 + 4 * dimensions)
    if len(head) < 4 + 4 * dimensions or head[:4] != bytes([0, 0, 8, dimensions]):
        raise DataError(
            f"{shown(file)} is no idx file of bytes in {counted(dimensions, 'dimension')}",
            "an MNIST-style file",
            "check it",
        )
    shape = [int.from_bytes(head[k : k + 4], "big") for k in range(4, len(head), 4)]
    claimed, size = prod(shape), file.stat().st_size
    if claimed > LARGEST_BYTES or claimed > max(SMALL_BYTES, LARGEST_RATIO * size):
        raise DataError(
            f"{shown(file)} claims {counted(claimed, 'byte')} for {shape} and is {counted(size, 'byte')} large",
            f"at most {LARGEST_BYTES:,} bytes, in a whole file",
            "fetch it again, or give the pictures as files of their own",
        )
    body = np.empty(claimed, np.uint8)
    have = 0
    while have < claimed and (piece := opened.read(min(PIECE_BYTES, claimed - have))):
        body[have : have + len(piece)] = np.frombuffer(piece, np.uint8)
        have += len(piece)
    if have < claimed or opened.read(1):
        held = f"only {have:,}" if have < claimed else "more"
        raise DataError(
            f"{shown(file)} has {held} bytes in place of {claimed:,} for {shape}",
            "a whole file",
            "fetch it again",
        )
    return body.reshape(shape)
