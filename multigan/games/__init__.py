"""How players play: games by name (entry-point group `multigan.games`)."""

from collections.abc import Callable

from multigan.core.registry import Registry, callable_only
from multigan.core.types import Game

__all__ = ["games"]

games: Registry[Callable[..., Game]] = Registry(
    "game",
    "multigan.games",
    builtin={
        "adversarial": "multigan.games.adversarial:AdversarialGame",
        "policy-gradient": "multigan.games.policy_gradient:PolicyGradientGame",
    },
    check=callable_only,
)
