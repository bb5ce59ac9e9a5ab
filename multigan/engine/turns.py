"""What a game's turn must give: a loss that can be descended, of the player whose turn it is."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from multigan.core.errors import PluginError
from multigan.core.types import Game, Loss

__all__ = ["check_loss", "check_reached", "kind_of"]

FIX = "return Loss(loss, {'loss/NAME': loss.detach()}) of multigan.core.types"


def kind_of(game: Game) -> str:
    """What a game is and whose, for messages: `game my_package.games:Mine`."""
    return f"game {type(game).__module__}:{type(game).__qualname__}"


def check_loss(game: Game, turn: str, loss: object) -> Loss:
    """The same loss, where it is one.

    Args:
        game: whose turn it is of.
        turn: its name.
        loss: what the turn gave.

    Raises:
        PluginError: it is no `Loss` of one number, or its parts are no numbers by name.
    """
    where = f"{kind_of(game)}: turn '{turn}'"
    if not isinstance(loss, Loss):
        raise PluginError(f"{where} gives {type(loss).__name__}", "a Loss", FIX)
    if not isinstance(loss.total, Tensor) or loss.total.numel() != 1 or not loss.total.is_floating_point():
        raise PluginError(f"{where} gives a total of {_shown(loss.total)}", "one number: a float tensor ()", FIX)
    parts = loss.parts.items() if isinstance(loss.parts, Mapping) else None
    if parts is None or not all(isinstance(name, str) for name, _ in parts):
        raise PluginError(f"{where} gives parts of {type(loss.parts).__name__}", "tensors () by name", FIX)
    for name, value in parts:
        if not isinstance(value, Tensor) or value.numel() != 1:
            raise PluginError(f"{where} gives '{name}' as {_shown(value)}", "one number: a tensor ()", FIX)
    return loss


def check_reached(game: Game, player: str, params: Sequence[Tensor]) -> None:
    """After the backward pass of a player's loss, at least one of its parameters has a gradient.

    Args:
        game: whose player it is.
        player: its name.
        params: its parameters.

    Raises:
        PluginError: none has: the loss hangs on other nets, or on none.
    """
    if all(param.grad is None for param in params):
        raise PluginError(
            f"{kind_of(game)}: the loss of player '{player}' does not depend on it",
            f"a loss with a gradient in the parameters of '{player}'",
            "name the right player in turns, and look for detach(), no_grad() and copies on the way",
        )


def _shown(value: object) -> str:
    return f"{tuple(value.shape)} of {value.dtype}" if isinstance(value, Tensor) else type(value).__name__
