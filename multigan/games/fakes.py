"""Which fakes G's turn looks at: new ones, or those of D's turn once more."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Batch

__all__ = ["FAKES", "Fakes", "Fresh", "Reused"]

Make = Callable[[Batch, Draw], Tensor]
"""`make(batch, draw) -> fakes`, as many as the batch has reals."""


class Fakes(Protocol):
    """Where both turns get their fakes."""

    def for_d(self, make: Make, batch: Batch, draw: Draw) -> Tensor:
        """Fakes for D's turn, without a graph: `(batch, *shape)`."""
        ...

    def for_g(self, make: Make, batch: Batch, draw: Draw) -> tuple[Tensor, Batch]:
        """Fakes for G's turn, with their graph, and the batch that they were made for."""
        ...


class Fresh:
    """New noise in every turn (Goodfellow et al. 2014, Algorithm 1).

    Args:
        G: unused.
    """

    def __init__(self, G: nn.Module) -> None:
        pass

    def for_d(self, make: Make, batch: Batch, draw: Draw) -> Tensor:
        """Fakes for D's turn, without a graph: `(batch, *shape)`."""
        with torch.no_grad():
            return make(batch, draw)

    def for_g(self, make: Make, batch: Batch, draw: Draw) -> tuple[Tensor, Batch]:
        """Fakes for G's turn, with their graph, and the turn's own batch."""
        return make(batch, draw), batch


class Reused:
    """G descends on the fakes that D has just learnt from, as most scripts do: one forward pass of G less.

    The labels and the reals of G's loss are then those of D's turn too. Where G's turn follows no turn of D in its
    iteration, its fakes are new. With several turns of D, the last one's fakes are used. Buffers of batch normalisation
    follow one batch an iteration instead of two.

    Args:
        G: the generator; parameters that are frozen now stay so.
    """

    def __init__(self, G: nn.Module) -> None:
        self._trainable = [param for param in G.parameters() if param.requires_grad]
        self._kept: dict[tuple[int, int], tuple[Tensor, Batch]] = {}

    def for_d(self, make: Make, batch: Batch, draw: Draw) -> Tensor:
        """Fakes for D's turn, without a graph: `(batch, *shape)`. The graph is kept for G's turn."""
        with torch.enable_grad(), _thawed(self._trainable):
            fake = make(batch, draw)
        self._kept = {part: kept for part, kept in self._kept.items() if part[0] == draw.step}
        self._kept[_part(draw)] = (fake, batch)
        return fake.detach()

    def for_g(self, make: Make, batch: Batch, draw: Draw) -> tuple[Tensor, Batch]:
        """The fakes of D's turn of the same iteration with their graph, and the batch that they were made for."""
        return self._kept.pop(_part(draw), None) or (make(batch, draw), batch)

    def __deepcopy__(self, memo: dict[int, object]) -> "Reused":
        """A copy without kept fakes: a graph leads to the original's parameters."""
        copy = Reused(nn.Module())
        copy._trainable = [memo.get(id(param), param) for param in self._trainable]
        return copy


FAKES: Mapping[str, Callable[[nn.Module], Fakes]] = {"fresh": Fresh, "reused": Reused}
"""What `game.fakes` may say."""


def _part(draw: Draw) -> tuple[int, int]:
    """Fakes of another iteration are never the right ones; micro-batches differ by their rank."""
    return draw.step, draw.rank


@contextmanager
def _thawed(params: list[nn.Parameter]) -> Iterator[None]:
    """Undo what the engine has frozen for D's turn."""
    frozen = [param for param in params if not param.requires_grad]
    for param in frozen:
        param.requires_grad_(True)
    try:
        yield
    finally:
        for param in frozen:
            param.requires_grad_(False)
