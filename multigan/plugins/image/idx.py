"""MNIST-style idx files, plain or gzipped."""

import gzip
import re
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from multigan.errors import DataError

__all__ = ["is_idx", "read"]

_IMAGES = re.compile(r"images?[-.]idx3|idx3-ubyte", re.IGNORECASE)


def is_idx(path: Path) -> bool:
    """Whether `path` is an idx file of pictures, or a folder that holds some."""
    return bool(_image_files(path))


def read(path: Path) -> tuple["np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", Tensor | None, tuple[str, ...]]:
    """All pictures of one file or folder, and their labels where every file of pictures has its file of labels.

    Returns:
        uint8 `(n, height, width, 1)`, int64 `(n,)` or None, and lines for people.

    Raises:
        DataError: a file is damaged, or counts differ.

    Source: LeCun, Cortes & Burges 1998, "The MNIST database", file format.
    """
    images, labels, report = [], [], []
    for file in _image_files(path):
        pictures = _array(file, 3)
        images.append(pictures)
        twin = file.with_name(re.sub(r"images([-.])idx3", r"labels\1idx1", file.name))
        if twin != file and twin.is_file():
            labels.append(_array(twin, 1))
            if len(labels[-1]) != len(pictures):
                raise DataError(f"{twin} has {len(labels[-1])} labels", f"{len(pictures)}, one a picture", "check both")
        report.append(f"{file.name}: {len(pictures):,} pictures of {pictures.shape[2]} × {pictures.shape[1]}")
    whole = np.concatenate(images)[..., None]
    complete = len(labels) == len(images)
    if not complete:
        report.append("without labels: not every file of pictures has one of labels")
    return whole, torch.from_numpy(np.concatenate(labels).astype(np.int64)) if complete else None, tuple(report)


def _image_files(path: Path) -> list[Path]:
    files = [path] if path.is_file() else sorted(path.iterdir())
    return [file for file in files if file.is_file() and _IMAGES.search(file.name)]


def _array(file: Path, dimensions: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    try:
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{file} cannot be unpacked: {error}", "a whole gzip file", "fetch it again") from error
    head = 4 + 4 * dimensions
    if len(data) < head or data[:3] != b"\0\0\x08" or data[3] != dimensions:
        raise DataError(f"{file} is no idx file of bytes in {dimensions} dimensions", "an MNIST-style file", "check it")
    shape = np.frombuffer(data, ">i4", dimensions, 4).tolist()
    if len(data) - head != int(np.prod(shape)):
        raise DataError(f"{file} has {len(data) - head} bytes for {shape}", "a whole file", "fetch it again")
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape).copy()
