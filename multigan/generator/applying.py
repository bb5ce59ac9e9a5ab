"""A generator that is given an input, on files of any size."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError, UnsupportedError
from multigan.core.generators import draw_fakes, latent_of
from multigan.files.walk import walk
from multigan.plugins.abilities import Applies, able
from multigan.plugins.contract import checked_files
from multigan.provenance.labels import COMPOSITE, make_folder

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = ["Wanted", "apply_to", "refuse_input", "wanted", "write_applied"]


class Wanted(NamedTuple):
    """One file to be made.

    Attributes:
        file: the input.
        folder: where the output goes, below the folder of all outputs.
        name: of the output, without suffix.
    """

    file: Path
    folder: Path
    name: str


def refuse_input(generator: "Generator", verb: str) -> None:
    """Refuse a verb that draws samples from nothing.

    Raises:
        UnsupportedError: the generator is given an input.
    """
    if generator.input_spec is not None:
        given = f"{verb} makes samples of nothing, and this generator is given an input"
        raise UnsupportedError(given, "files to apply it to", "type multigan apply RUN FILES")


@torch.no_grad()
def apply_to(generator: "Generator", path: Path, seed: int = 0, number: int = 0, strength: float = 1.0) -> Any:
    """What the generator makes of a file, rendered.

    Args:
        generator: is given an input.
        path: the file; of any size.
        seed: of what the net draws.
        number: which of several outputs.
        strength: 1 = the output, 0 = the input, between them a mixture; other than 1 only where both are of one shape.

    Raises:
        UnsupportedError: the generator takes no input, or its modality reads no single files.
        DataError: the file cannot be used, or cannot be mixed with what comes out.
    """
    spec, modality = generator.input_spec, generator.modality
    if spec is None:
        fix = "type multigan generate RUN"
        raise UnsupportedError("this generator makes samples of nothing", "one that is given an input", fix)
    if not able(modality, Applies):
        raise UnsupportedError(f"modality '{modality.name}' applies generators to no files", "pictures", "")
    if not 0 <= strength <= 1:
        raise DataError(f"strength = {strength}", "a number from 0 to 1", "type --strength 0.5")
    taken = modality.take_in(Path(path), spec)
    device = next(generator.net.parameters()).device
    draw = Draw(seed, number, "apply/", device=str(device))
    given = taken.given[None].to(device)
    made = draw_fakes(generator.net, 1, draw, None, given)[0].float().cpu()
    if strength < 1:
        if made.shape != taken.given.shape:
            kinds = f"{tuple(taken.given.shape)} to {tuple(made.shape)}"
            raise DataError(f"strength = {strength} from {kinds}", "input and output of one shape", "leave it at 1")
        made = strength * made + (1 - strength) * taken.given
    return taken.back(made)


def wanted(places: Sequence[Path], suffixes: Sequence[str]) -> Iterator[Wanted]:
    """The files at some places, with the names of what is made of them; folders keep what is in them in its order.

    Args:
        places: files and folders.
        suffixes: endings that are read in folders, lower case with the dot.
    """
    taken = set[Path]()
    for place in places:
        below = place.is_dir()
        files = (
            [file for file in walk(place).files if file.name.lower().endswith(tuple(suffixes))] if below else [place]
        )
        for file in files:
            folder = file.parent.relative_to(place) if below else Path()
            # a.jpg and a.png would both become a
            name = file.stem if folder / file.stem not in taken else file.name
            number = 1
            while folder / name in taken:
                number += 1
                name = f"{file.name}-{number}"
            taken.add(folder / name)
            yield Wanted(file, folder, name)


def write_applied(generator: "Generator", one: Wanted, out: Path, seed: int, n: int, strength: float) -> list[Path]:
    """Apply a generator to a file and write what comes out, labelled.

    Args:
        generator: is given an input.
        one: the file.
        out: folder of all outputs.
        seed: of what the net draws.
        n: outputs of the file; above 1 only for nets that draw something.
        strength: see `apply_to`.

    Raises:
        DataError: the file cannot be used, or several outputs would be equal.
    """
    if n > 1 and 0 in latent_of(generator.net).shape:
        raise DataError(f"n = {n} outputs of a file", "1: this generator draws nothing", "leave out --n")
    folder, written = out / one.folder, list[Path]()
    for number in range(n):
        made = apply_to(generator, one.file, seed, number, strength)
        label = {
            **generator.label(seed),
            "digital_source_type": COMPOSITE,
            "verb": f"apply {one.file.name}",
            "input_sha256": hashlib.sha256(one.file.read_bytes()).hexdigest(),
        }
        make_folder(folder)
        name = one.name if n == 1 else f"{one.name}-{number}"
        written += checked_files(generator.modality, generator.modality.save([made], folder, [name], label))
    return written
