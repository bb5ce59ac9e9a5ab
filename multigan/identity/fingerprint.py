"""The identity of a data set: names, sizes and contents of its files, and what was read from them."""

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.types import Data, Items
from multigan.engine.holdout import Split
from multigan.files.findings import shown
from multigan.files.listing import files_in
from multigan.plugins import modalities

__all__ = ["FileMark", "Identity", "candidates", "held_out_digest", "identify", "marks_of", "name_of"]

READERS = 4
SEEN = 256
"""Items that are looked at: spread evenly over the set, first and last among them."""


class FileMark(NamedTuple):
    """One file.

    Attributes:
        name: relative to what was given, with `/`, in Unicode normal form C, bytes that are no text escaped; a single
            file's own name.
        size: in bytes.
        digest: BLAKE2b of its bytes, 16 bytes in hexadecimal digits.
    """

    name: str
    size: int
    digest: str


@dataclass(frozen=True)
class Identity:
    """What a data set is, apart from where it lies.

    Attributes:
        source: where it was read: a place, or the name of an embedded set.
        items: how many.
        shape: of one sample in D's space.
        classes: names in the order of labels.
        meta: what decoding needs, the vocabulary for one.
        labels: digest of all labels; "" without.
        held_out: digest of the numbers of held-out items; "" where none are.
        files: in the order of their items; none where the set is embedded or drawn.
        sample: two numbers of each of up to 256 items in D's space; equal up to rounding on other machines.
        taken: whether `files` are those that the loader took; else all at the place that it may have taken.
    """

    source: str
    items: int
    shape: tuple[int, ...]
    classes: tuple[str, ...]
    meta: Mapping[str, Any]
    labels: str
    held_out: str
    files: tuple[FileMark, ...]
    sample: tuple[tuple[float, float], ...]
    taken: bool = False

    def to_json(self) -> dict[str, Any]:
        """JSON values; a file is one line, `DIGEST SIZE NAME`."""
        return asdict(self) | {"files": [f"{mark.digest} {mark.size} {mark.name}" for mark in self.files]}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Identity":
        """What `to_json` gave; its types must have been checked."""
        cut = (line.split(" ", 2) for line in plain["files"])
        files = tuple(FileMark(name, int(size), digest) for digest, size, name in cut)
        sample = tuple((mean, tilt) for mean, tilt in plain["sample"])
        shape, classes = tuple(plain["shape"]), tuple(plain["classes"])
        return cls(**{**plain, "shape": shape, "classes": classes, "files": files, "sample": sample})

    @property
    def digest(self) -> str:
        """One word for all of it but the place."""
        plain = {name: value for name, value in self.to_json().items() if name != "source"}
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()

    @property
    def content(self) -> str:
        """One word for the items in their order, whatever the run: of their files, or the name of an embedded set."""
        read = [self.items, [mark.digest for mark in self.files] or self.source]
        return hashlib.sha256(json.dumps(read).encode()).hexdigest()


def identify(data: Data, source: str, split: Split) -> Identity:
    """Read every file of a data set once more and say what it is.

    Args:
        data: as it was loaded.
        source: as the recipe names it.
        split: which items are held out.

    Raises:
        DataError: a file has gone, or cannot be read.
    """
    root, files = _taken(data) if data.files else candidates(data, source)
    marks, spec = marks_of(root, files), data.spec
    return Identity(
        source=source,
        items=len(data.items),
        shape=tuple(spec.shape),
        classes=tuple(spec.classes),
        meta=json.loads(json.dumps(dict(spec.meta))),
        labels="" if data.labels is None else _digest(data.labels),
        held_out=held_out_digest(split),
        files=marks,
        sample=_sample(data) if not files or getattr(data.items, "resident", False) else (),
        taken=bool(data.files),
    )


def held_out_digest(split: Split) -> str:
    """One word for the numbers of held-out items; "" where none are."""
    return _digest(split.held_out) if len(split.held_out) else ""


def _taken(data: Data) -> tuple[Path, Sequence[Path]]:
    return data.root or data.files[0].parent, data.files


def candidates(data: Data, source: str) -> tuple[Path, Sequence[Path]]:
    """The place, and what lies there with an ending that the modality reads: data, or what training leaves out."""
    modality = modalities.get(data.spec.modality)
    place = Path(source).expanduser()
    if source in modality.embedded or not place.exists():
        return place, ()
    found = files_in(place)
    return place, [file for file in found if _may_be_read(file, modality.suffixes)] or found


def _may_be_read(file: Path, suffixes: Sequence[str]) -> bool:
    """Rather one too many: `.txt.gz` and `.idx3-ubyte` count, and so do files without an ending."""
    return not file.suffix or any(suffix in file.name.lower() for suffix in suffixes)


def name_of(file: Path, root: Path) -> str:
    """What a file is called in a record, see `FileMark`."""
    name = file.name if file == root or not file.is_relative_to(root) else file.relative_to(root).as_posix()
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace"))


def marks_of(root: Path, files: Sequence[Path]) -> tuple[FileMark, ...]:
    """Read files to their ends.

    Raises:
        DataError: one has gone, or cannot be read.
    """
    with ThreadPoolExecutor(READERS) as pool:
        return tuple(pool.map(lambda file: _mark(file, root), files))


def _mark(file: Path, root: Path) -> FileMark:
    digest = hashlib.blake2b(digest_size=16)
    size = 0
    try:
        with file.open("rb") as stream:
            while part := stream.read(2**20):
                digest.update(part)
                size += len(part)
    except OSError as error:
        given = f"{shown(file)} cannot be read: {error.strerror}"
        raise DataError(given, "a file that stays where it is", "put it back") from error
    return FileMark(name_of(file, root), size, digest.hexdigest())


def _sample(data: Data) -> tuple[tuple[float, float], ...]:
    """Of each item the mean in D's space, and the mean weighted from -1 at its first number to 1 at its last."""
    n = len(data.items)
    numbers = torch.linspace(0, max(n - 1, 0), min(n, SEEN), dtype=torch.float64).round().long()
    modality = modalities.get(data.spec.modality)
    pairs = []
    for part in numbers.split(32):
        flat = modality.to_real(_take(data.items, part), data.spec).flatten(1).double()
        weights = torch.linspace(-1, 1, flat.shape[1], dtype=torch.float64)
        pairs += torch.stack([flat.mean(1), (flat * weights).mean(1)], 1).tolist()
    return tuple((float(f"{mean:.6g}"), float(f"{tilt:.6g}")) for mean, tilt in pairs)


def _take(items: Items, numbers: Tensor) -> Tensor:
    return items.take(numbers, Draw(0, 0, "identity/"))


def _digest(numbers: Tensor) -> str:
    return hashlib.blake2b(numbers.to(torch.int64).contiguous().numpy().tobytes(), digest_size=16).hexdigest()
