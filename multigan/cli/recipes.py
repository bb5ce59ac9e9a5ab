"""`multigan recipes ls|show|cp|validate`."""

from pathlib import Path
from typing import Annotated

import typer

from multigan.cli.lines import echo
from multigan.cli.verb import Verb
from multigan.cli.writing import writing
from multigan.core.errors import MultiGANError, RecipeError
from multigan.core.plain import words_of
from multigan.core.shell import typed

__all__ = ["app"]

app = typer.Typer(help="List, show, copy and check recipes.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="A recipe's name or a .toml file.")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="Override a key.", metavar="KEY=VALUE")]


@app.command("ls", cls=Verb)
def ls() -> None:
    """List all recipes with what they do."""
    from multigan.recipe.recipe import load_recipe, recipe_names

    names = recipe_names()
    width = max(len(name) for name in names)
    for name in names:
        try:
            summary = load_recipe(name).summary
        except Exception as error:  # a plugin's recipe must not hide the others
            summary = f"broken: {error if isinstance(error, MultiGANError) else words_of(error)}"
        echo(f"{name:<{width}}  {summary}")


@app.command("show", cls=Verb)
def show(name: Name, overrides: Sets = None) -> None:
    """Print a recipe with every value resolved."""
    from multigan.extend.option_defaults import resolved
    from multigan.recipe.recipe import dumps, load_recipe

    echo(*dumps(resolved(load_recipe(name, overrides or []))).removesuffix("\n").split("\n"))


@app.command("cp", cls=Verb)
@writing
def cp(name: Name, target: Annotated[Path, typer.Argument(help="The new file.")]) -> None:
    """Copy a recipe to edit it."""
    from multigan.files.keeping import write_whole
    from multigan.provenance.labels import make_folder
    from multigan.recipe.recipe import find_recipe

    source = find_recipe(name)
    if target.suffix != ".toml":
        better = target / source.name if target.is_dir() else target.with_name(f"{target.name}.toml")
        cure = f"type multigan recipes cp {typed(name)} {typed(better)}"
        raise RecipeError(f"{target} has not the ending .toml", "a file that train takes for a recipe", cure)
    make_folder(target.parent)
    write_whole(target, lambda to: to.write_bytes(source.read_bytes()))
    echo(f"copied to {target}: edit it, then multigan train {typed(target)}")


@app.command("validate", cls=Verb)
def validate(name: Name, overrides: Sets = None) -> None:
    """Check every key, name and option of a recipe, without reading data."""
    from multigan.build import check
    from multigan.recipe.recipe import load_recipe

    check(load_recipe(name, overrides or []))
    echo(f"{name} is valid")
