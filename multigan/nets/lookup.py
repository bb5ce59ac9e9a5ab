"""A net by its name in a recipe: the modality's own, or another package's."""

from collections.abc import Callable

from torch import nn

from multigan.core.errors import UnknownNameError, did_you_mean
from multigan.core.registry import Registry
from multigan.core.types import Modality
from multigan.nets import discriminators, generators

__all__ = ["net_builder"]


def net_builder(modality: Modality, player: str, name: str) -> Callable[..., nn.Module]:
    """The builder of a net by name: the modality's own first, then other packages'.

    Args:
        modality: whose nets.
        player: `"G"` or `"D"`.
        name: as in `[G] net = NAME`.
    """
    own = modality.generators if player == "G" else modality.discriminators
    others: Registry[Callable[..., nn.Module]] = generators if player == "G" else discriminators
    if name in own:
        return own[name]
    if name in others:
        return others.get(name)
    hint = did_you_mean(name, [*own, *others.names()])
    raise UnknownNameError(f"{player}.net = '{name}' is no net of modality '{modality.name}'", "", hint)
