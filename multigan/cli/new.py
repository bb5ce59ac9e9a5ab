"""`multigan new`: a package of one's own, with tests that pass."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo

__all__ = ["new"]


def new(
    kind: Annotated[str, typer.Argument(help="modality, loss or recipe.")],
    name: Annotated[str, typer.Argument(help="Lower case letters, digits and dashes: heart-rate.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the package; default multigan-NAME.")] = None,
) -> None:
    """Write a package for a modality, loss or recipe of your own; its tests pass as they are."""
    from multigan.extend.scaffold import scaffold

    folder = scaffold(kind, name, out)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        echo(path)
    echo(f"try it: cd {folder} && python -m pytest; make it known: pip install -e .")
