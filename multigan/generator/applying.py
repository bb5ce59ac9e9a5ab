"""A generator that is given an input, on files of any size."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import DataError, UnsupportedError
from multigan.core.generators import Encoding, draw_fakes, latent_of
from multigan.core.types import Spec
from multigan.files.findings import Tick
from multigan.files.walk import walk
from multigan.generator.tiles import AUTO, Tiles
from multigan.plugins.abilities import Applies, Opens, Pours, able
from multigan.plugins.contract import checked_files
from multigan.plugins.fitted import Taken
from multigan.provenance.labels import COMPOSITE, make_folder

if TYPE_CHECKING:
    from multigan.generator.generator import Generator

__all__ = [
    "Made",
    "Meter",
    "Wanted",
    "Written",
    "apply_to",
    "endings_of",
    "refuse_input",
    "stream_of",
    "suffix_of",
    "tiles_of",
    "wanted",
    "write_applied",
]


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


class Made(NamedTuple):
    """What a generator made of one file.

    Attributes:
        result: rendered.
        parts: in how many parts the file went through the net.
        again_db: how well the result explains the file; None where that cannot be told, see `Meter`.
        notes: lines for people on what was done to the file.
    """

    result: Any
    parts: int
    again_db: float | None
    notes: tuple[str, ...] = ()


Meter = Callable[[Taken, Tensor], float | None]
"""How well what is kept of an output explains the file that it was made of, in dB; None where that cannot be told."""


def tiles_of(generator: "Generator", side: int | None = None) -> Tiles | None:
    """How files go through a generator: in parts, as far as its net's measured reach allows; None where they pour.

    Args:
        generator: is given an input.
        side: of a part in places of the input (pixels); 0 = every file at once, None = as usual.

    Raises:
        UnsupportedError: the generator takes no input, or its modality reads no single files.
    """
    spec = _given(generator)
    if able(generator.modality, Pours):
        return None
    _reader(generator)
    return Tiles(generator.net, spec, AUTO if side is None else side)


def _given(generator: "Generator") -> Spec:
    if generator.input_spec is None:
        if isinstance(generator.net, Encoding) and able(generator.modality, Pours):
            return generator.spec  # what it gives back is what it was shown
        fix = "type multigan generate RUN"
        raise UnsupportedError("this generator makes samples of nothing", "one that is given an input", fix)
    return generator.input_spec


def _reader(generator: "Generator") -> tuple[Applies, Spec]:
    spec, modality = _given(generator), generator.modality
    if not able(modality, Applies):
        raise UnsupportedError(f"modality '{modality.name}' applies generators to no files", "pictures or sounds", "")
    return modality, spec


def apply_to(  # noqa: PLR0913  (what a person may choose)
    generator: "Generator",
    path: Path,
    seed: int = 0,
    number: int = 0,
    strength: float = 1.0,
    *,
    tiles: Tiles | None = None,
    meter: Meter | None = None,
    tick: Tick = lambda done, total: None,
) -> Made:
    """What the generator makes of a file.

    Args:
        generator: is given an input.
        path: the file; of any size.
        seed: of what the net draws.
        number: which of several outputs.
        strength: 1 = the output, 0 = the input, between them a mixture; other than 1 only where both are of one shape.
        tiles: how large files are cut; None = in parts of the usual size.
        meter: says how well the output explains the file.
        tick: `tick(done, total)` after each part of a large file.

    Raises:
        UnsupportedError: the generator takes no input, or its modality reads no single files.
        DataError: the file cannot be used, or cannot be mixed with what comes out.
    """
    if not 0 <= strength <= 1:
        raise DataError(f"strength = {strength}", "a number from 0 to 1", "type --strength 0.5")
    if able(generator.modality, Pours):
        poured = generator.modality.pour(generator.net, path, None, _given(generator), {}, strength=strength)
        return Made(poured.result, 1, None, tuple(poured.notes))
    reader, spec = _reader(generator)
    tiles, taken = tiles or Tiles(generator.net, spec), reader.take_in(Path(path), spec)
    kept = tiles.through(partial(_called, generator, seed=seed, number=number, strength=strength), taken, tick)
    parts = len(tiles.parts(tuple(taken.raw.shape[1:])))
    return Made(taken.back(kept), parts, None if meter is None else meter(taken, kept))


@torch.no_grad()
def _called(generator: "Generator", given: Tensor, *, seed: int, number: int, strength: float) -> Tensor:
    """The output `(*shape)` for one input; every part of a file is given the same z."""
    device = next(generator.net.parameters()).device
    draw = Draw(seed, number, "apply/", device=str(device))
    made = draw_fakes(generator.net, 1, draw, None, given[None].to(device))[0].float().cpu()
    if strength == 1:
        return made
    if made.shape != given.shape:
        kinds = f"{tuple(given.shape)} to {tuple(made.shape)}"
        raise DataError(f"strength = {strength} from {kinds}", "input and output of one shape", "leave it at 1")
    return strength * made + (1 - strength) * given


def endings_of(generator: "Generator") -> tuple[str, ...]:
    """What names of files end with that a generator reads in folders, lower case with the dot."""
    modality, more = generator.modality, tuple[str, ...]()
    if able(modality, Opens):
        more = tuple(modality.opens(_given(generator)))
    return (*modality.suffixes, *more)


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


class Written(NamedTuple):
    """What was written for one file.

    Attributes:
        files: of the outputs.
        made: of each output, what is known of it; its `result` is in the files.
    """

    files: list[Path]
    made: list[Made]


def write_applied(  # noqa: PLR0913  (what a person may choose)
    generator: "Generator",
    one: Wanted,
    out: Path,
    seed: int,
    n: int,
    strength: float,
    *,
    tiles: Tiles | None = None,
    meter: Meter | None = None,
    tick: Tick = lambda done, total: None,
) -> Written:
    """Apply a generator to a file and write what comes out, labelled.

    Args:
        generator: is given an input.
        one: the file.
        out: folder of all outputs.
        seed: of what the net draws.
        n: outputs of the file; above 1 only for nets that draw something.
        strength: see `apply_to`.
        tiles: see `apply_to`.
        meter: see `apply_to`.
        tick: see `apply_to`.

    Raises:
        DataError: the file cannot be used, or several outputs would be equal.
    """
    if n > 1 and (generator.input_spec is None or 0 in latent_of(generator.net).shape):
        raise DataError(f"n = {n} outputs of a file", "1: this generator draws nothing", "leave out --n")
    folder, written = out / one.folder, Written([], [])
    about = {
        **generator.label(seed),
        "digital_source_type": COMPOSITE,
        "verb": f"apply {one.file.name}",
        "input_sha256": _sha256(one.file),
    }
    if able(generator.modality, Pours):
        return _poured(generator.modality, generator, one, folder, about, strength)
    for number in range(n):
        made = apply_to(generator, one.file, seed, number, strength, tiles=tiles, meter=meter, tick=tick)
        label = {**about, **({} if made.again_db is None else {"again_db": f"{made.again_db:.1f}"})}
        make_folder(folder)
        name = one.name if n == 1 else f"{one.name}-{number}"
        saved = generator.modality.save([made.result], folder, [name], label)
        written.files.extend(checked_files(generator.modality, saved))
        written.made.append(made._replace(result=None))
    return written


def _poured(
    modality: Pours, generator: "Generator", one: Wanted, folder: Path, label: dict[str, str], strength: float
) -> Written:
    """A file that goes through part by part, straight into its output."""
    make_folder(folder)
    poured = modality.pour(generator.net, one.file, folder / one.name, _given(generator), label, strength=strength)
    return Written(list(poured.files), [Made(None, 1, None, tuple(poured.notes))])


def stream_of(generator: "Generator", sample_rate_hz: int = 0, channels: int = 1, block: int = 1) -> Any:
    """What takes samples as they come: `push(chunk)`, `flush()`, `latency_ms`; see `multigan.plugins.audio.stream`.

    Args:
        generator: is given an input.
        sample_rate_hz: of what goes in and comes out; 0 = the generator's.
        channels: each goes through it alone.
        block: frames at a time; 1 = with the least delay.

    Raises:
        UnsupportedError: the generator takes whole files alone.
    """
    spec, modality = _given(generator), generator.modality
    if not able(modality, Pours):
        raise UnsupportedError(f"modality '{modality.name}' has no streams", "sounds", "type multigan apply RUN FILES")
    return modality.stream(generator.net, spec, sample_rate_hz, channels, block)


def suffix_of(generator: "Generator", file: Path) -> str:
    """What the name of a file's output ends with."""
    modality = generator.modality
    return modality.pour_suffix(file) if able(modality, Pours) else str(modality.suffixes[0])


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
