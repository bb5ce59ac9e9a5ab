"""Verbs that only tell: what is installed, what to cite, where a file comes from."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multigan.cli.lines import echo, echo_json
from multigan.core.errors import under
from multigan.core.plain import words_of

if TYPE_CHECKING:
    from multigan.core.types import Modality

__all__ = ["cite", "modalities", "plugins", "provenance"]


def modalities() -> None:
    """List the modalities, and plugins of any kind that do not load, with the reason."""
    from multigan.extend.installed import installed, unread
    from multigan.plugins import modalities as registry

    for line in unread():
        echo(f"MULTIGAN_PLUGINS: {line}", err=True)
    lines = []
    for name, modality in registry.items():
        origin = registry.origin(name)
        package = f"{origin.distribution} {origin.version}".strip() or ("" if origin.target else "by hand")
        source = (package or f"in development: {origin.target}") if registry.is_plugin(name) else "built in"
        try:
            lines += _rows(name, modality, source)
        except Exception as error:  # its attributes may be programs too
            lines.append((name, "broken", f"{words_of(error)} [{source}]"))
    told = set()
    for thing in installed():
        # A package that does not import says so once, however many things it offers.
        whose = (thing.origin.distribution or thing.origin.target.partition(":")[0], thing.fault)
        if thing.fault and whose not in told:
            told.add(whose)
            what = "" if thing.kind == "modality" else f"{thing.kind}, "
            lines.append((thing.name, "broken", f"{what}{thing.origin}: {thing.fault}"))
    width = max(len(name) for name, _, _ in lines)
    for name, state, text in lines:
        echo(f"{name:<{width}}  {state:<6}  {text}")


def _rows(name: str, modality: "Modality", source: str) -> list[tuple[str, str, str]]:
    about = f"{modality.summary} ({' '.join(modality.suffixes) or 'no files'}) [{source}]"
    return [(name, "ok", about), *(("", "", f"no {verb}: {reason}") for verb, reason in modality.unsupported.items())]


def plugins() -> None:
    """List everything that other packages add: losses, penalties, nets, views, games, recipes, loggers and so on."""
    from multigan.extend.installed import installed, unread

    for line in unread():
        echo(f"MULTIGAN_PLUGINS: {line}", err=True)
    found = installed()
    if not found:
        echo("no plugins: write one with multigan new modality NAME")
    for thing in found:
        state = f"broken  {thing.origin}: {thing.fault}" if thing.fault else f"ok      {thing.origin}"
        echo(f"{thing.kind:<13}  {thing.name:<20}  {state}")


def cite(recipe: Annotated[str, typer.Argument(help="A recipe's name or a .toml file.")]) -> None:
    """Print BibTeX of the methods that a recipe uses."""
    from multigan.recipe.cite import bibtex
    from multigan.recipe.origin import locating
    from multigan.recipe.recipe import load_recipe

    loaded = load_recipe(recipe)
    with locating(loaded), under("cite"):
        echo(*bibtex(loaded.cite).split("\n"))


def provenance(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES...", help="Pictures, sounds, texts, tables or exported generators.")
    ],
) -> None:
    """Read back what files say about their making, and check their signatures where they have one.

    Of several files each is a line of JSON; exit code 2 where one of them carries no label.
    """
    from multigan.core.errors import MultiGANError
    from multigan.files.findings import shown

    if len(files) == 1:
        echo_json(_provenance(files[0]))
        return
    failed = False
    for file in files:
        try:
            found = {"file": shown(file), **_provenance(file)}
        except MultiGANError as error:
            found, failed = {"file": shown(file), "error": str(error)}, True
        echo_json(found, indent=None)
    if failed:
        raise typer.Exit(2)


def _provenance(file: Path) -> dict[str, object]:
    from multigan.core.errors import DataError, RunError
    from multigan.provenance import signing
    from multigan.provenance.labels import read

    found: dict[str, object] = dict(read(file))
    # Most types hold no signature, and the package that reads them is optional.
    with contextlib.suppress(DataError, RunError):
        found |= {"c2pa": signed} if (signed := signing.verify(file)) else {}
    return found
