"""Which classes the data has, whether a run uses them, and why: decided and said before it trains."""

from collections.abc import Sequence

import torch

from multigan.build import check
from multigan.core.counted import counted
from multigan.core.errors import MultiGANError
from multigan.core.types import Data
from multigan.files.findings import shown
from multigan.files.listing import LOPSIDED, SPLITS
from multigan.recipe.recipe import Recipe

__all__ = ["FEWEST", "classes_in_use", "settle_classes"]

FEWEST = 50
"""Items in the smallest class for `game.conditional = "auto"`. On digits, 30 a class did as well with labels as without
(docs/recipes.md); with fine classes of photographs labels make a net collapse that trains well without them (Shahbazi
et al. 2022, "Collapse by conditioning"), so that few are few."""
NAMED = 6


def settle_classes(recipe: Recipe, data: Data) -> tuple[Recipe, tuple[str, ...]]:
    """Decide `game.conditional = "auto"` by the data, and put what is done with its classes into words.

    `"auto"` becomes true where there are two classes or more with 50 items or more in each, the largest at most ten
    times the smallest, their names are not those of splits, and the recipe's nets take labels. True and false stay.

    Args:
        recipe: of the run.
        data: that it trains on.

    Returns:
        The recipe with true or false in this place, and lines for people: none where the data has no classes.
    """
    names = data.spec.classes
    if data.labels is None or not names:
        return classes_in_use(recipe, (), ())
    return classes_in_use(recipe, names, torch.bincount(data.labels.flatten().cpu(), minlength=len(names)).tolist())


def classes_in_use(recipe: Recipe, names: Sequence[str], counts: Sequence[int]) -> tuple[Recipe, tuple[str, ...]]:
    """`settle_classes` by what was counted alone.

    Args:
        recipe: of the run.
        names: of the classes.
        counts: items of each.
    """
    wish = recipe.game.conditional
    if not names:
        return _with(recipe, bool(wish) and wish != "auto"), ()
    found = f"{counted(len(names), 'class', 'classes')} ({_named(names, counts)})"
    why_not = _objection(names, counts) or _refusal(recipe) if wish == "auto" else ""
    if wish is True or (wish == "auto" and not why_not):
        off = "" if wish is True else "; without: --set game.conditional=false"
        return _with(recipe, True), (found, f"classes are used: multigan generate takes --label NAME{off}")
    because = f" ({why_not})" if why_not else ""
    return _with(recipe, False), (found, f"classes are not used{because}; with: --set game.conditional=true")


def _with(recipe: Recipe, conditional: bool) -> Recipe:
    if recipe.game.conditional == conditional:
        return recipe
    return recipe.model_copy(update={"game": recipe.game.model_copy(update={"conditional": conditional})})


def _objection(names: Sequence[str], counts: Sequence[int]) -> str:
    """Why labels would do harm or no good, or ""."""
    least, most = min(counts), max(counts)
    if len(names) < 2:
        return "one class says nothing"
    if {name.lower() for name in names} <= SPLITS:
        return "their names are those of splits"
    if least < FEWEST:
        few = shown(names[counts.index(least)])
        return f"{few} has {counted(least, 'item')}, and fewer than {FEWEST} are too few"
    if most > LOPSIDED * least:
        return f"{shown(names[counts.index(most)])} is {most / least:.0f} times {shown(names[counts.index(least)])}"
    return ""


def _refusal(recipe: Recipe) -> str:
    """Why the recipe's parts take no labels, or ""."""
    try:
        check(_with(recipe, True))
    except MultiGANError as error:
        return f"this recipe cannot: {error.given}"
    return ""


def _named(names: Sequence[str], counts: Sequence[int]) -> str:
    told = [f"{shown(name)} {count:,}" for name, count in zip(names, counts, strict=True)]
    if len(told) <= NAMED:
        return ", ".join(told)
    return f"{', '.join(told[: NAMED - 1])} and {len(told) - NAMED + 1:,} more; {min(counts):,} to {max(counts):,} each"
