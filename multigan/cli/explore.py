"""`multigan interpolate`, `vary`, `directions`: a walk through what a generator makes."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo
from multigan.cli.which import Which, opened
from multigan.cli.writing import place_for
from multigan.core.counted import counted

if TYPE_CHECKING:
    from torch import Tensor

    from multigan.generator.generator import Generator
    from multigan.latent.blend import Place

__all__ = ["directions", "interpolate", "vary"]


class Method(StrEnum):
    """How directions are found."""

    sefa = "sefa"
    pca = "pca"


Gen = Annotated[str, typer.Argument(help="A run directory, a generator folder or a hub id.")]
Out = Annotated[Path | None, typer.Option(help="Folder; default RUN/outputs/VERB.")]
Label = Annotated[str | None, typer.Option(help="Class, for class-conditional generators.")]


def interpolate(  # noqa: PLR0913  (options of a command)
    gen: Gen,
    seeds: Annotated[str, typer.Option(help="Samples to pass through: seeds, or SEED:NUMBER.")] = "0,1,2",
    steps: Annotated[int, typer.Option(min=1, help="From one to the next.")] = 8,
    straight: Annotated[bool, typer.Option("--lerp/--slerp", help="A straight line, or an arc.")] = False,
    like: Annotated[list[Path] | None, typer.Option(help="Pass through what comes nearest to these files.")] = None,
    label: Label = None,
    which: Which = None,
    out: Out = None,
) -> None:
    """Walk from sample to sample: pictures as a strip and a GIF, sounds joined, texts as a list."""
    from multigan.latent.show import write_walk
    from multigan.latent.walk import between

    generator, places, how = opened(gen, which), _places(seeds), "lerp" if straight else "slerp"
    through = " ".join(path.name for path in like) if like else seeds
    fake = _between_files(generator, like, steps, how, label) if like else between(generator, places, steps, how, label)
    facts = {"verb": f"interpolate {through} {how} {steps}"}
    columns = len(fake) if len(like or places) == 2 else steps
    out = place_for(out, gen, "interpolate")
    files = write_walk(generator, fake, out / "interpolation", columns=columns, seed=places[0].seed, facts=facts)
    echo(*([] if like else _of_class(generator, label)), err=True)
    _say(generator, len(fake), files)


def vary(  # noqa: PLR0913  (options of a command)
    gen: Gen,
    seed: Annotated[str, typer.Option(help="The sample to vary: a seed, or SEED:NUMBER.")] = "0",
    like: Annotated[Path | None, typer.Option(help="Vary what comes nearest to this file instead.")] = None,
    amount: Annotated[float, typer.Option(min=0, max=1, help="0 changes nothing, 1 everything.")] = 0.3,
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="How many, the original among them.")] = 16,
    label: Label = None,
    which: Which = None,
    out: Out = None,
) -> None:
    """Draw samples near one: near a seed, or near what the generator makes of a file."""
    from multigan.latent.show import write_walk
    from multigan.latent.walk import around

    generator = opened(gen, which)
    (place,) = _places(seed)[:1]
    if like is None:
        fake = around(generator, place, amount, n, label=label)
    else:
        from multigan.latent.items import fit_item
        from multigan.latent.neighbourhood import around_item
        from multigan.terminal.waiting import waiting

        fitted = fit_item(generator, like)
        if fitted.note:
            echo(fitted.note)
        with waiting("looking for the nearest sample") as tick:
            fake = around_item(generator, fitted.real, amount, n, place.seed, label, tick)
    facts = {"verb": f"vary {like.name if like else place} {amount:g}"}
    out = place_for(out, gen, "vary")
    files = write_walk(generator, fake, out / "variations", columns=4, seed=place.seed, facts=facts)
    echo(*([] if like else _of_class(generator, label)), err=True)
    _say(generator, len(fake), files)


def directions(  # noqa: PLR0913  (options of a command)
    gen: Gen,
    method: Annotated[Method, typer.Option(help="Of the first layer's weight, or of activations.")] = Method.sefa,
    k: Annotated[int, typer.Option("--k", "-k", min=1, help="How many, the strongest first.")] = 5,
    seeds: Annotated[str, typer.Option(help="Samples to move.")] = "0,1,2",
    reach: Annotated[float, typer.Option(min=0, max=1000, help="How far to either side, in units of z.")] = 3.0,
    label: Label = None,
    which: Which = None,
    out: Out = None,
) -> None:
    """Find directions along which the output changes most, without labels, and show each as strips."""
    from multigan.latent.directions import find_directions
    from multigan.latent.strips import write_directions
    from multigan.provenance.labels import make_folder
    from multigan.terminal.waiting import waiting

    generator, out, chosen = opened(gen, which), place_for(out, gen, "directions"), [p.seed for p in _places(seeds)]
    with waiting("looking for directions") as shown:
        found = find_directions(generator, method.value, k)
        make_folder(out)
        shown.now("drawing strips along directions")
        files = write_directions(generator, found, out, chosen, reach, label=label, tick=shown)
    if len(found.vectors) < k:
        echo(f"-k {k:,} directions were asked for; z has no more than {len(found.vectors)}")
    echo(
        f"{counted(len(found.vectors), 'direction')} in {out}: {files[0].name}, directions.json "
        f"and {counted(len(files) - 2, 'file')}"
    )


def _of_class(generator: "Generator", label: str | None) -> list[str]:
    """Which class is shown where none was asked for and there are several."""
    classes = generator.spec.classes
    if label is not None or len(classes) < 2 or not generator.conditional:
        return []
    return [f"all of class {classes[0]}, the first of {len(classes):,}; of another with --label NAME"]


def _between_files(generator: "Generator", files: list[Path], steps: int, how: str, label: str | None) -> "Tensor":
    import torch

    from multigan.latent.items import fit_item
    from multigan.latent.neighbourhood import between_items
    from multigan.terminal.waiting import waiting

    fitted = [fit_item(generator, path) for path in files]
    for one in fitted:
        if one.note:
            echo(one.note)
    with waiting("looking for the nearest samples") as tick:
        return between_items(generator, torch.stack([one.real for one in fitted]), steps, how, label, tick=tick)


def _places(text: str) -> "list[Place]":
    from multigan.core.errors import DataError
    from multigan.latent.blend import place_of

    try:
        return [place_of(part) for part in text.split(",")]
    except ValueError as error:
        raise DataError(f"'{text}' names no samples", "whole numbers, or SEED:NUMBER", "type 0,1,2 or 0:5") from error


def _say(generator: "Generator", n: int, files: list[Path]) -> None:
    from multigan.core.generators import latent_of

    named = ", ".join(path.name for path in files[:3])
    echo(f"{counted(n, 'sample')} in {files[0].parent}: {named}{' ...' if len(files) > 3 else ''}")
    if 0 in latent_of(generator.net).shape:
        echo("this generator draws its noise token by token; the walk is through that noise, and goes in jumps")
