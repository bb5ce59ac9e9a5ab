"""How players play: games by name (entry-point group `multigan.games`).

A game is built by `build(players, rules, *, option=default, ...)`. `players` holds the nets of the recipe, `"G"` and
`"D"`; the game may have further ones of its own. What it has no place for in the rules it refuses with `rules.refuse`.
"""

import inspect
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from torch import nn

from multigan.core.errors import PluginError
from multigan.core.registry import Registry
from multigan.core.types import Game
from multigan.games.rules import Rules

__all__ = ["Build", "Cast", "Choosy", "games", "roles_of"]

ROLES: Mapping[str, str] = {"d": "D", "g": "G"}


class Build(Protocol):
    """A game's builder, most often its class."""

    def __call__(self, players: Mapping[str, nn.Module], rules: Rules, **options: Any) -> Game:
        """The game; options are explicit keywords."""
        ...


@runtime_checkable
class Cast(Protocol):
    """A builder that says who plays before any net is made; of others it is believed that D plays `d`, and G `g`.

    Attributes:
        roles: the player of each turn by the turn's name; objectives, which become further turns, aside.
    """

    roles: Mapping[str, str]


@runtime_checkable
class Choosy(Protocol):
    """A builder that refuses rules before data is read."""

    def refuse(self, rules: Rules) -> None:
        """Raise `RecipeError` for what the game has no place for."""
        ...


def roles_of(builder: object) -> Mapping[str, str]:
    """The player of each turn of what a builder makes."""
    return builder.roles if isinstance(builder, Cast) else ROLES


def _new_form(name: str, thing: object) -> None:
    if not callable(thing):
        raise PluginError(f"'{name}' is {type(thing).__name__}", "something that can be called", "name the builder")
    try:
        inspect.signature(thing).bind({}, None)
    except TypeError as error:
        expected = "build(players, rules, *, option=default, ...)"
        raise PluginError(f"'{name}' cannot be called so: {error}", expected, "see docs/extend.md, Games") from error


games: Registry[Build] = Registry(
    "game",
    "multigan.games",
    builtin={
        "adversarial": "multigan.games.adversarial:AdversarialGame",
        "autoencoding": "multigan.games.autoencoding:AutoencodingGame",
        "back-translation": "multigan.games.back_translation:BackTranslationGame",
        "contrastive": "multigan.games.contrastive:ContrastiveGame",
        "cycle": "multigan.games.cycle:CycleGame",
        "fitting": "multigan.games.fitting:FittingGame",
        "policy-gradient": "multigan.games.policy_gradient:PolicyGradientGame",
    },
    check=_new_form,
)
