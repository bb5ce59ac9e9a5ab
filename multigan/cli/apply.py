"""`multigan apply`: a generator that is given an input, on your files."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo
from multigan.cli.which import Which, opened
from multigan.cli.writing import place_for
from multigan.core.counted import counted

__all__ = ["apply"]


def apply(
    run: Annotated[str, typer.Argument(help="A run directory, a generator folder or a hub id.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Files, or folders of them.")],
    out: Annotated[Path | None, typer.Option(help="Folder; default RUN/outputs/apply.")] = None,
    seed: Annotated[int, typer.Option(help="Of what the generator draws.")] = 0,
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="Outputs of each file, where it draws something.")] = 1,
    strength: Annotated[float, typer.Option(min=0, max=1, help="1 = the output, 0 = the file itself.")] = 1.0,
    which: Which = None,
) -> None:
    """Make of each file what the generator learnt: names and folders stay, every output says what it was made of.

    A file that cannot be used is named, and the others are made; then the exit code is 2.
    """
    from multigan.core.errors import DataError
    from multigan.core.errors import did_you_mean as nearest
    from multigan.files.listing import absent, beside
    from multigan.generator.applying import apply_to, wanted, write_applied
    from multigan.terminal.waiting import waiting

    generator, out = opened(run, which, applies=True), place_for(out, run, "apply")
    if generator.input_spec is None:
        apply_to(generator, files[0])  # says so
    for file in files:
        if not file.exists():
            near = beside(file)
            raise DataError(absent(file), "a file or a folder", nearest(file.name, near) if near else "check the path")
    todo = list(wanted(files, generator.modality.suffixes))
    if not todo:
        endings = " ".join(generator.modality.suffixes)
        raise DataError(f"{', '.join(map(str, files))}: nothing to apply it to", endings, "check the folder")
    made, bad = list[Path](), list[str]()
    with waiting(f"applying it to {counted(len(todo), 'file')}") as tick:
        for number, one in enumerate(todo):
            try:
                made += write_applied(generator, one, out, seed, n, strength)
            except DataError as error:
                bad.append(str(error))
            tick(number + 1, len(todo))
    for line in bad:
        echo(line, err=True)
    if made:
        echo(f"{counted(len(made), 'file')} in {out}: {made[0].relative_to(out)}{' ...' if len(made) > 1 else ''}")
    if bad:
        raise typer.Exit(2)
