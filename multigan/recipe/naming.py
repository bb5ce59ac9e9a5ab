"""What a run and its page are called where nobody said: after the user's own TOML file or data, else the recipe."""

import re
import tomllib
from pathlib import Path

from multigan.recipe.recipe import Recipe, find_recipe, is_shipped, load_recipe, recipe_names

__all__ = ["data_name", "own_samples", "recipe_name", "run_name"]

LONGEST = 200
"""Bytes of a name: file systems take 255, with the number of the run and what a half-written folder is called."""


def run_name(recipe: Recipe, given: object = None, *, own_files: bool = False) -> str:
    """A name for a folder: that of the user's files or of the TOML file that was given, else the recipe's title.

    Args:
        recipe: of the run.
        given: what it was loaded from: a name, a path or the recipe itself.
        own_files: whether files were given in place of a recipe.
    """
    path = Path(given) if isinstance(given, str | Path) else Path()
    own = path.stem if path.suffix == ".toml" and path.stem != "recipe" else ""  # every run holds a recipe.toml
    for name in (data_name(recipe) if own_files else "", own, recipe.title):
        plain = re.sub(r"[^\w.]+", "-", name.lower()).strip("-.")
        if short := plain.encode()[:LONGEST].decode(errors="ignore").rstrip("-."):
            return short
    return "run"


def own_samples(recipe: Recipe) -> int:
    """Samples that the recipe with this title trains as it ships; 0 where there is none, or it has several phases."""
    name = recipe_name(recipe)
    if recipe.phases or not is_shipped(name):
        return 0
    own = load_recipe(name)
    return 0 if own.phases else own.train.samples


def recipe_name(recipe: Recipe) -> str:
    """What to type for a recipe: the name of the one with this title (`image/folder` for "pictures"), else the title.

    Example:
        >>> from multigan.recipe.recipe import load_recipe
        >>> recipe_name(load_recipe("image/folder"))
        'image/folder'
    """
    near = f"{recipe.modality}/{recipe.title}"
    names = recipe_names()
    for name in [near, *names] if near in names else names:
        heading = _heading(find_recipe(name))
        # One that extends another need not repeat the modality.
        if heading.get("title") == recipe.title and heading.get("modality", recipe.modality) == recipe.modality:
            return name
    return recipe.title


def _heading(path: Path) -> dict[str, object]:
    """What a file says, which may be no recipe that can be loaded."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def data_name(recipe: Recipe) -> str:
    """The name of the user's own folder or file without its ending, or "" where the data is none of theirs."""
    source = Path(recipe.data.source).expanduser()
    if not source.is_absolute():  # runs hold the whole path of what lies on this machine
        return ""
    return source.name if source.is_dir() else Path(source.name.removesuffix(".gz")).stem
