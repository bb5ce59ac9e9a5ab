"""`multigan new`: a package of one's own, with tests that pass."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["new"]


def new(
    kind: Annotated[str, typer.Argument(help="modality, loss or recipe.")],
    name: Annotated[str, typer.Argument(help="Lower case letters, digits and dashes: heart-rate.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the package; default multigan-NAME.")] = None,
) -> None:
    """Write a package for a modality, loss or recipe of your own; its tests pass as they are."""
    from multigan.scaffold import scaffold

    folder = scaffold(kind, name, out)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        typer.echo(path)
    typer.echo(f"try it: cd {folder} && python -m pytest; make it known: pip install -e .")
