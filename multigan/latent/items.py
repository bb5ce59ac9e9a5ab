"""Files as samples, and holes in them: what each modality reads."""

from pathlib import Path

from torch import Tensor

from multigan.core.errors import DataError, did_you_mean
from multigan.files.findings import shown
from multigan.files.listing import beside
from multigan.generator.generator import Generator
from multigan.plugins.abilities import Fits, Masks, Reads, able
from multigan.plugins.fitted import Fitted

__all__ = ["fit_item", "read_hole", "read_item"]


def fit_item(generator: Generator, path: str | Path, hole: str = "", at: float | None = None) -> Fitted:
    """A file as one sample, with what was done to it, and a hole in it; both are told by positions in the file.

    Args:
        generator: which is to take it in.
        path: the file.
        hole: what is to be filled, as the modality reads it; "" = nothing.
        at: second at which the stretch begins that is taken of a sound; None = at the beginning, or around the hole.

    Raises:
        DataError: the modality reads no single files, the file is none of its, or it has no such place.
    """
    path = Path(path)
    if able(generator.modality, Fits):
        return generator.modality.fit(path, generator.spec, hole=hole, at=at)
    if at is not None:
        raise DataError(f"{generator.spec.modality} has no seconds", "a sound", "leave out --at")
    return Fitted(read_item(generator, path), read_hole(generator, hole) if hole else None)


def read_item(generator: Generator, path: str | Path) -> Tensor:
    """A file as one sample in D's space, `(*shape)`, brought to the generator's size and rate.

    Raises:
        DataError: the modality reads no single files, there is no such file, or it is none of its.
    """
    if not able(generator.modality, Reads):
        raise DataError(f"{generator.spec.modality} has no files of one sample", "a picture or a sound", "")
    if not Path(path).is_file():
        near = beside(Path(path))
        hint = did_you_mean(Path(path).name, near) if near else "check the path"
        raise DataError(f"there is no file '{shown(path)}'", "a picture or a sound", hint)
    return generator.modality.read(Path(path), generator.spec)


def read_hole(generator: Generator, text: str) -> Tensor:
    """What is to be filled of a file in the generator's own size, bool `(*shape)`: a mask or box, a gap in seconds.

    Raises:
        DataError: it is no hole of this modality.
    """
    if not able(generator.modality, Masks):
        raise DataError(f"{generator.spec.modality} has no holes", "a picture or a sound", "")
    return generator.modality.read_hole(text, generator.spec)
