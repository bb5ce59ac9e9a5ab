"""A net by its name in a recipe: the modality's own, or another package's."""

from collections.abc import Callable, Mapping

from torch import nn

from multigan.core.errors import RecipeError, UnknownNameError, did_you_mean
from multigan.core.inputs import Translates
from multigan.core.registry import Registry
from multigan.core.types import Modality, able
from multigan.nets import discriminators, generators
from multigan.nets.foreign import foreign_builder
from multigan.nets.programs import is_program

__all__ = ["net_builder", "translators_of"]


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
    own = {**modality.generators, **translators_of(modality)} if player == "G" else modality.discriminators
    others: Registry[Callable[..., nn.Module]] = generators if player == "G" else discriminators
    if name in own:
        return own[name]
    if name in others:
        return others.get(name)
    hint = did_you_mean(name, [*own, *others.names()])
    raise UnknownNameError(f"{player}.net = '{name}' is no net of modality '{modality.name}'", "", hint)


def translators_of(modality: Modality) -> Mapping[str, Callable[..., nn.Module]]:
    """Builders of generators that are given an input, by name; none where the modality has none."""
    return modality.translators if able(modality, Translates) else {}
