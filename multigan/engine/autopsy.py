"""Where NaN began: a step that failed is replayed with eyes on every layer. Draws make the replay exact."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import DivergedError
from multigan.core.types import Batch, Game
from multigan.engine.agreement import ElsewhereError

__all__ = ["first_bad_layer", "names_the_layer"]

NOWHERE = "every layer's output is finite; the loss, or the gradient in a penalty, is not"


@contextmanager
def names_the_layer(game: Game, turn: str, batch: Batch, draw: Draw) -> Iterator[None]:
    """Add to a `DivergedError` raised inside where the first number that is not finite came from."""
    try:
        yield
    except ElsewhereError:
        raise  # here there is nothing to find
    except DivergedError as error:
        where = first_bad_layer(game, turn, batch, draw)
        named = DivergedError(f"{error.given}: {where}", error.expected, error.fix)
        named.everywhere, named.located = error.everywhere, where != NOWHERE
        raise named from error


def first_bad_layer(game: Game, turn: str, batch: Batch, draw: Draw) -> str:
    """Say in words where a turn's first number that is not finite appears, in the order of the forward pass.

    The turn is replayed on a copy of the game with a hook on every module, by this process alone: means over the batch
    of all processes are then those of its own share. Looked at in this order: the batch, the outputs of
    modules as they finish, and, where all are finite, the loss itself (a penalty's gradient).

    Args:
        game: with the nets as they were when the turn failed.
        turn: its name in `game.turns`.
        batch: what it was given.
        draw: what it was given.
    """
    if not torch.isfinite(batch.real).all():
        return "the batch of reals itself is not finite"
    copy: Game = deepcopy(game)
    seen: list[str] = []
    for player, net in copy.players.items():
        for name, module in net.named_modules():
            module.register_forward_hook(_watch(f"{player}.{name}" if name else player, seen))
    # A replay may fail in its own way once numbers are broken; what was seen until then counts.
    with suppress(RuntimeError, ValueError, IndexError):
        copy.turns[turn][1](batch, replace(draw, gather=None))
    return seen[0] if seen else NOWHERE


def _watch(where: str, seen: list[str]) -> Any:
    def hook(module: nn.Module, inputs: Any, output: Any) -> None:
        if seen or _finite(output):
            return
        broken = [name for name, param in module.named_parameters(recurse=False) if not _finite(param)]
        cause = (
            f"its {broken[0]} is not finite"
            if broken
            else "its input and weights are finite"
            if _finite(inputs)
            else "its input is not finite"
        )
        seen.append(f"the first layer whose output is not finite is {where} ({type(module).__name__}); {cause}")

    return hook


def _finite(value: Any) -> bool:
    """Whether all numbers in a tensor, or in tensors of any nesting, are finite."""
    if isinstance(value, Tensor):
        return not value.is_floating_point() or bool(torch.isfinite(value).all())
    return all(_finite(item) for item in value) if isinstance(value, tuple | list) else True
