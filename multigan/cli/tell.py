"""Verbs that only tell: what is installed, what to cite, where a file comes from."""

import contextlib
import json
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["cite", "modalities", "provenance"]


def modalities() -> None:
    """List the modalities, and plugins that do not load."""
    from multigan.plugins import modalities as registry

    found = dict(registry.items())
    width = max(len(name) for name in [*found, *(broken.name for broken in registry.broken.values())])
    for name, modality in found.items():
        typer.echo(f"{name:<{width}}  ok      {modality.summary} ({' '.join(modality.suffixes)})")
    for broken in registry.broken.values():
        typer.echo(f"{broken.name:<{width}}  broken  {broken.origin}: {broken.reason}")


def cite(recipe: Annotated[str, typer.Argument(help="A recipe's name or a .toml file.")]) -> None:
    """Print BibTeX of the methods that a recipe uses."""
    from multigan.cite import bibtex
    from multigan.recipe import load_recipe

    typer.echo(bibtex(load_recipe(recipe).cite))


def provenance(
    file: Annotated[Path, typer.Argument(help="A picture, sound, text, table or exported generator.")],
) -> None:
    """Read back what a file says about its making, and check its signature where it has one."""
    from multigan import signing
    from multigan.errors import DataError, RunError
    from multigan.provenance import read

    found: dict[str, object] = dict(read(file))
    # Most types hold no signature, and the package that reads them is optional.
    with contextlib.suppress(DataError, RunError):
        found |= {"c2pa": signed} if (signed := signing.verify(file)) else {}
    typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
