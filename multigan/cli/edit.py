"""`multigan invert`, `edit`, `inpaint`: real files through a generator."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.explore import Gen, Label, Out
from multigan.cli.lines import echo, echo_json
from multigan.cli.which import Which, opened
from multigan.cli.writing import place_for

if TYPE_CHECKING:
    from torch import Tensor

    from multigan.generator.generator import Generator
    from multigan.plugins.abilities import Fills
    from multigan.plugins.fitted import Fitted

__all__ = ["edit", "inpaint", "invert"]

SEARCHING = "looking for the nearest sample"

File = Annotated[Path, typer.Argument(help="A picture or a sound.")]
Steps = Annotated[int, typer.Option(min=1, help="Of the descent, a quarter with an encoder; more come nearer.")]
Starts = Annotated[int, typer.Option(min=1, help="Descents; the best is kept.")]
Seed = Annotated[int, typer.Option(help="Of the search.")]
At = Annotated[float | None, typer.Option(min=0, help="Sound: second of the file at which the stretch begins.")]


def invert(  # noqa: PLR0913  (options of a command)
    gen: Gen,
    file: File,
    steps: Steps = 150,
    starts: Starts = 4,
    seed: Seed = 0,
    label: Label = None,
    which: Which = None,
    at: At = None,
    out: Out = None,
) -> None:
    """Find the z that comes nearest to a file: the file and G's version side by side, and z itself."""
    import torch

    from multigan.core.tensor_file import save_tensors
    from multigan.files.keeping import write_whole
    from multigan.latent.invert import Search
    from multigan.latent.invert import invert as search_z
    from multigan.latent.items import fit_item
    from multigan.terminal.waiting import waiting

    generator, out, verb = opened(gen, which), place_for(out, gen, "invert"), f"invert {file.name}"
    _look_ahead(generator, out / _named(file, "inversion"), seed, verb)
    fitted = fit_item(generator, file, at=at)
    _tell(fitted)
    target = fitted.real
    with waiting(SEARCHING) as tick:
        found = search_z(generator, target[None], Search(steps, starts, seed=seed), label=label, tick=tick)
    _show(generator, torch.cat([target[None], found.fake]), out / _named(file, "inversion"), seed, verb)
    z, label_of_z = {"z": found.z.contiguous()}, generator.label(seed)
    write_whole(out / f"{_named(file, 'z')}.safetensors", lambda to: save_tensors(z, to, label_of_z))
    gain = f"loss {float(found.loss):.4g} ({_start_of(generator)}: {float(found.first_loss):.4g})"
    echo(f"{out}: {gain}" + _score(generator, target, found.fake))


def edit(  # noqa: PLR0913  (options of a command)
    gen: Gen,
    file: File,
    directions: Annotated[Path, typer.Option(help="directions.safetensors of `multigan directions`.")],
    number: Annotated[int, typer.Option("--number", "-k", min=0, help="Which of them, from 0.")] = 0,
    reach: Annotated[float, typer.Option(min=0, max=1000, help="How far to either side, in units of z.")] = 3.0,
    steps: Steps = 150,
    starts: Starts = 4,
    seed: Seed = 0,
    label: Label = None,
    which: Which = None,
    at: At = None,
    out: Out = None,
) -> None:
    """Move what the generator makes of a file along a direction."""
    import torch

    from multigan.latent.invert import Search
    from multigan.latent.invert import invert as search_z
    from multigan.latent.items import fit_item
    from multigan.latent.neighbourhood import moved
    from multigan.latent.vectors import read_vector
    from multigan.terminal.waiting import waiting

    generator, out = opened(gen, which), place_for(out, gen, "edit")
    verb = f"edit {file.name} along {number} to {reach:g}"
    _look_ahead(generator, out / _named(file, "edit"), seed, verb)
    vector = read_vector(directions, number, generator)
    fitted = fit_item(generator, file, at=at)
    _tell(fitted)
    with waiting(SEARCHING) as tick:
        found = search_z(generator, fitted.real[None], Search(steps, starts, seed=seed), label=label, tick=tick)
    fake = moved(generator, found.z, found.cond, vector, torch.linspace(-reach, reach, 7).tolist())
    _show(generator, fake, out / _named(file, "edit"), seed, verb, columns=7)
    echo(f"7 steps from {-reach:g} to {reach:g} in {out}; the middle one is the generator's version of {file.name}")


def inpaint(  # noqa: PLR0913  (options of a command)
    gen: Gen,
    file: Annotated[str, typer.Argument(help="A picture, a sound, or a line of text with ____ in it.")],
    mask: Annotated[
        str | None, typer.Option(help="Picture: x,y,w,h or a PNG, white = fill. Sound: START-END in seconds.")
    ] = None,
    steps: Steps = 150,
    starts: Starts = 4,
    seed: Seed = 0,
    label: Label = None,
    which: Which = None,
    at: At = None,
    out: Out = None,
) -> None:
    """Fill a region, a gap or masked words; what is known is kept exactly."""
    from multigan.core.errors import DataError
    from multigan.latent.inpaint import inpaint as fill_hole
    from multigan.latent.invert import Search
    from multigan.latent.items import fit_item
    from multigan.latent.show import COMPOSITE, write_one
    from multigan.plugins.abilities import Fills, able
    from multigan.provenance.labels import refuse_others
    from multigan.terminal.waiting import waiting

    generator, out = opened(gen, which), place_for(out, gen, "inpaint")
    if able(generator.modality, Fills):
        _fill_words(generator, generator.modality, file, seed, out)
        return
    if mask is None:
        raise DataError("no mask was given", "what to fill", "type --mask x,y,w,h, --mask FILE.png or --mask 0.1-0.2")
    facts = {"verb": f"inpaint {Path(file).name} {mask}", "digital_source_type": COMPOSITE}
    place = out / _named(Path(file), "inpainting")
    refuse_others(place, {**generator.label(seed), **facts})
    fitted = fit_item(generator, Path(file), mask, at)
    _tell(fitted)
    hole = fitted.hole
    if hole is None:
        raise DataError(f"the mask '{mask}'", "what to fill", "type --mask x,y,w,h, --mask FILE.png or --mask 0.1-0.2")
    with waiting(SEARCHING) as tick:
        filled, found = fill_hole(generator, fitted.real[None], hole, Search(steps, starts, seed=seed), label, tick)
    (path,) = write_one(generator, filled, place, seed=seed, facts=facts, fitted=fitted)
    echo(f"{path}: {int(hole.sum()):,} of {hole.numel():,} values filled, the others are as they were")
    echo(f"loss on what is known: {float(found.loss):.4g}")


def _fill_words(generator: "Generator", modality: "Fills", line: str, seed: int, out: Path) -> None:
    from multigan.latent.show import COMPOSITE
    from multigan.provenance.labels import make_folder, refuse_others

    line = modality.read_line(line)
    label = {**generator.label(seed), "verb": f"inpaint {line}", "digital_source_type": COMPOSITE}
    refuse_others(out / "inpainting", label)
    found = modality.fill(generator.net, line, generator.spec)
    make_folder(out)
    generator.modality.sheet([filled.text for filled in found], out / "inpainting", label)
    for filled in found:
        echo_json({"text": filled.text, "log_likelihood": round(filled.log_likelihood, 3)}, indent=None)


def _named(file: Path, what: str) -> str:
    """What a file's result is called, so that those of several files fit into one folder."""
    from multigan.files.names import file_name

    return f"{file_name(file.stem.replace('.', '_'))}-{what}"


def _tell(fitted: "Fitted") -> None:
    """What was done to the file, before time is spent on it."""
    if fitted.note:
        echo(fitted.note)


def _look_ahead(generator: "Generator", path: Path, seed: int, verb: str) -> None:
    from multigan.provenance.labels import refuse_others

    refuse_others(path, {**generator.label(seed), "verb": verb})


def _show(generator: "Generator", fake: "Tensor", path: Path, seed: int, verb: str, columns: int = 2) -> None:
    from multigan.latent.show import write_walk

    write_walk(generator, fake, path, columns=columns, seed=seed, facts={"verb": verb})


def _start_of(generator: "Generator") -> str:
    from multigan.core.generators import Encoding

    return "as the encoder says" if isinstance(generator.net, Encoding) else "nearest of 256 samples"


def _score(generator: "Generator", target: "Tensor", fake: "Tensor") -> str:
    from multigan.plugins.abilities import Compares, able

    if not able(generator.modality, Compares):
        return ""
    name, values = generator.modality.closeness(target[None], fake, generator.spec)
    return f"; {name} {float(values):.4g}"
