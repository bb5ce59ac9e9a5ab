"""Options that recipes had and have no more: what became of them, and what to type."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from multigan.core.errors import RecipeError

__all__ = ["Gone", "refuse_gone", "says_nothing", "without_gone"]


class Gone(NamedTuple):
    """An option that was taken away.

    Attributes:
        neutral: the value of which nothing came, as if the option was not there.
        instead: what does its work now.
        fix: what to type.
    """

    neutral: Any
    instead: str
    fix: str


GONE: Mapping[tuple[str, str], Gone] = {
    ("game", "chance"): Gone(
        0,
        "a recipe without it: what hisses is G.hiss = 'bands' of the net fourier now",
        "take it out, or type --set game.chance=0, in a new run; one that was trained with it cannot go on, but "
        "generate, evaluate and report still take it",
    ),
}
"""By table and option."""


def says_nothing(where: str, name: str, value: Any) -> bool:
    """Whether an option is gone, and has the value that it may be left out for.

    Args:
        where: the recipe's table (`"game"`).
        name: of the option.
        value: as in the recipe.
    """
    gone = GONE.get((where, name))
    return gone is not None and not isinstance(value, bool) and bool(value == gone.neutral)


def without_gone(where: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a table, less those that are gone: of a run that is looked at, and trained no further."""
    return {name: value for name, value in options.items() if (where, name) not in GONE}


def refuse_gone(where: str, name: str, value: Any) -> None:
    """Nothing of an option that never was.

    Raises:
        RecipeError: there was such an option; what does its work now is said, with the option's name as key.
    """
    gone = GONE.get((where, name))
    if gone is not None:
        given = f"{where}.{name} = {value!r:.40}, an option that is gone"
        raise RecipeError(given, gone.instead, gone.fix, key=[name])
