"""What a run and its page are called where nobody said: after the user's own TOML file or data, else the recipe."""

import re
from pathlib import Path

from multigan.recipe.recipe import Recipe

__all__ = ["data_name", "run_name"]


def run_name(recipe: Recipe, given: object = None) -> str:
    """A name for a folder: that of the TOML file that was given, else the recipe's title.

    Args:
        recipe: of the run.
        given: what it was loaded from: a name, a path or the recipe itself.
    """
    path = Path(given) if isinstance(given, str | Path) else Path()
    own = path.stem if path.suffix == ".toml" and path.stem != "recipe" else ""  # every run holds a recipe.toml
    for name in (own, recipe.title):
        if plain := re.sub(r"[^\w.]+", "-", name.lower()).strip("-."):
            return plain
    return "run"


def data_name(recipe: Recipe) -> str:
    """The name of the user's own folder or file without its ending, or "" where the data is none of theirs."""
    source = Path(recipe.data.source).expanduser()
    if not source.is_absolute():  # runs hold the whole path of what lies on this machine
        return ""
    return source.name if source.is_dir() else Path(source.name.removesuffix(".gz")).stem
