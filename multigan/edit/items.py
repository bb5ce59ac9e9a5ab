"""Files as samples, and holes in them: what each modality reads."""

from pathlib import Path

from torch import Tensor

from multigan.errors import DataError, did_you_mean
from multigan.findings import shown
from multigan.folders import beside
from multigan.generator import Generator

__all__ = ["read_hole", "read_item"]


def read_item(generator: Generator, path: str | Path) -> Tensor:
    """A file as one sample in D's space, `(*shape)`, brought to the generator's size and rate.

    Raises:
        DataError: the modality reads no single files, there is no such file, or it is none of its.
    """
    reader = getattr(generator.modality, "read", None)
    if reader is None:
        raise DataError(f"{generator.spec.modality} has no files of one sample", "a picture or a sound", "")
    if not Path(path).is_file():
        near = beside(Path(path))
        hint = did_you_mean(Path(path).name, near) if near else "check the path"
        raise DataError(f"there is no file '{shown(path)}'", "a picture or a sound", hint)
    item: Tensor = reader(Path(path), generator.spec)
    return item


def read_hole(generator: Generator, text: str) -> Tensor:
    """What is to be filled, bool `(*shape)`: a picture's mask or box, a gap in seconds.

    Raises:
        DataError: it is no hole of this modality.
    """
    reader = getattr(generator.modality, "read_hole", None)
    if reader is None:
        raise DataError(f"{generator.spec.modality} has no holes", "a picture or a sound", "")
    hole: Tensor = reader(text, generator.spec)
    return hole
