"""The state of terms and views, `game.memory`: saved with the nets, averaged over processes after each update."""

from torch import nn

from multigan.core.types import Game, Stateful
from multigan.engine.distributed import World

__all__ = ["forget_turn", "memory_of", "share_memory"]


def memory_of(game: Game) -> nn.Module:
    """The module that holds the state of a game's terms and views; an empty one for a game that has none."""
    memory = getattr(game, "memory", None)
    return memory if isinstance(memory, nn.Module) else nn.ModuleDict()


def share_memory(game: Game, world: World) -> None:
    """Average what every process observed, so that they settle on the state that one process would have.

    Call it after a player's update and before `game.after`, which settles.
    """
    world.average(memory_of(game).buffers())


def forget_turn(game: Game) -> None:
    """Let go of what a turn that was broken off has observed: it may hold numbers that are not finite.

    Call it before the state is loaded, since settling moves the state.
    """
    for module in memory_of(game).children():
        if isinstance(module, Stateful):
            module.settle()
