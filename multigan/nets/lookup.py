"""A net by its name in a recipe: the modality's own, or another package's."""

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

from torch import nn

from multigan.core.errors import RecipeError, UnknownNameError, did_you_mean
from multigan.core.inputs import Translates
from multigan.core.registry import Registry
from multigan.core.types import Modality, able
from multigan.nets import discriminators, generators
from multigan.nets.foreign import foreign_builder
from multigan.nets.programs import is_program
from multigan.recipe.options import bind

__all__ = ["net_builder", "net_options", "translators_of"]


def net_builder(modality: Modality, player: str, name: str) -> Callable[..., nn.Module]:
    """The builder of a net by name: the modality's own first, then other packages'.

    Args:
        modality: whose nets.
        player: `"G"` or `"D"`.
        name: as in `[G] net = NAME`; `py:FILE.py:FUNCTION` is a net of one's own.

    Raises:
        UnknownNameError: there is none.
        RecipeError: the file has no such function, or cannot be used.
    """
    if is_program(name):
        if player != "G":
            raise RecipeError(f"{player}.net = '{name}'", "a net by its name", "only G can be a file's own")
        return foreign_builder(name)
    own = _own(modality, player)
    others: Registry[Callable[..., nn.Module]] = generators if player == "G" else discriminators
    if name in own:
        return own[name]
    if name in others:
        return others.get(name)
    hint = did_you_mean(name, [*own, *others.names()])
    raise UnknownNameError(f"{player}.net = '{name}' is no net of modality '{modality.name}'", "", hint)


def net_options(
    builder: Callable[..., nn.Module],
    options: Mapping[str, Any],
    modality: Modality,
    player: str,
    name: str,
    beside: Collection[str],
) -> dict[str, Any]:
    """A net's options, checked; see `bind`.

    Raises:
        RecipeError: as `bind` does; an option that the modality's other nets have is said to be theirs, where they
            could stand in this one's place: what is given an input is no cure for what is given none.
    """
    unknown = [key for key in options if not _takes(builder, key)]
    given_input = translators_of(modality) if player == "G" else {}
    theirs = [
        net
        for net, other in _own(modality, player).items()
        if (net in given_input) == (name in given_input)
        and unknown
        and net != name
        and all(_takes(other, key) for key in unknown)
    ]
    if theirs:
        given = f"{player}.{unknown[0]} is no option of the net '{name}'"
        fix = f"{' and '.join(theirs)} {'has' if len(theirs) == 1 else 'have'} it: type --set {player}.net={theirs[0]}"
        raise RecipeError(given, "", fix, key=[unknown[0]])
    return bind(builder, options, player, beside=beside)


def _own(modality: Modality, player: str) -> Mapping[str, Callable[..., nn.Module]]:
    """The modality's own nets for a player."""
    return {**modality.generators, **translators_of(modality)} if player == "G" else modality.discriminators


def _takes(builder: Callable[..., nn.Module], key: str) -> bool:
    parameter = inspect.signature(builder).parameters.get(key)
    return parameter is not None and parameter.kind is inspect.Parameter.KEYWORD_ONLY


def translators_of(modality: Modality) -> Mapping[str, Callable[..., nn.Module]]:
    """Builders of generators that are given an input, by name; none where the modality has none."""
    return modality.translators if able(modality, Translates) else {}
