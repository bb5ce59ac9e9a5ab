"""A folder or file that is not there, under a name that is nearly that of one which is."""

from difflib import get_close_matches
from pathlib import Path

from multigan.core.errors import UnknownNameError

__all__ = ["refuse_misspelt"]

ALIKE, SURELY = 0.6, 0.8
"""From 0 to 1, as `difflib` sees it: a name beside the path may be meant, unless a recipe is more likely to be."""


def refuse_misspelt(target: str) -> None:
    """Refuse what is neither there nor a recipe, where something beside it is spelt alike.

    Args:
        target: a path, or the name of a recipe.

    Raises:
        UnknownNameError: there is such a folder or file, or are two; they are suggested.
    """
    from multigan.core.plain import one_line
    from multigan.files.listing import absent, beside
    from multigan.recipe.recipe import is_shipped, recipe_names

    path = Path(target).expanduser()
    if path.exists() or is_shipped(target) or get_close_matches(target, recipe_names(), n=1, cutoff=SURELY):
        return
    names = [name for name in beside(path) if not name.startswith(".")]
    if near := get_close_matches(path.name, names, n=2, cutoff=ALIKE):
        meant = " or ".join(f"'{one_line(str(path.parent / name))}'" for name in near)  # whole, to be pasted
        expected = "a recipe, a .toml file, or a folder or file of yours"
        raise UnknownNameError(absent(path), expected, f"did you mean {meant}?")
