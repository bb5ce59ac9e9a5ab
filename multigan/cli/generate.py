"""`multigan generate`: samples from a trained generator, as files."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["generate"]


def generate(
    run: Annotated[str, typer.Argument(help="A run directory, a generator folder or a hub id.")],
    n: Annotated[int, typer.Option("--n", "-n", help="How many samples.")] = 16,
    seed: Annotated[int, typer.Option(help="The same seed gives the same samples.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("samples"),
    label: Annotated[str | None, typer.Option(help="Class, for class-conditional generators.")] = None,
    which: Annotated[str, typer.Option(help="Of a run: `last`, `best` by held-out distance, or `mle`.")] = "last",
    sheet: Annotated[bool, typer.Option("--sheet", help="One overview file instead of one file a sample.")] = False,
) -> None:
    """Draw samples and write them as files that say that they are synthetic."""
    from multigan.generator import load

    generator = load(run, which=which)
    one = out / f"sheet-{seed}"
    files = [generator.sheet(one, n, seed, label)] if sheet else generator.save(out, n, seed, label)
    typer.echo(f"{n} samples in {out}: {files[0].name}{' ...' if len(files) > 1 else ''}")
