"""The checks for penalties and matching terms."""

import inspect
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Critique, Penalty
from multigan.testing.rules import BATCH, rule

__all__ = ["check_matching", "check_penalty"]

SIZE = 3
GIVEN = ("D", "real", "fake", "cond", "draw")


class _D(nn.Module):
    """A small D, with the activations that feature matching looks at where it is asked for them."""

    def __init__(self, size: int, *, features: bool) -> None:
        super().__init__()
        self.first, self.last, self.features = nn.Linear(size, 8), nn.Linear(8, 1), features

    def forward(self, x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor | Critique:
        hidden = torch.tanh(self.first(x))
        logits: Tensor = self.last(hidden).squeeze(1)
        return Critique((logits,), (hidden,)) if self.features else logits


def check_penalty(penalty: Penalty, name: str = "the penalty", *, size: int = SIZE) -> None:
    """A penalty: per-sample values, a gradient in D, the same draw gives the same values, sizes of batches 1 and 4.

    Args:
        penalty: `penalty(D, real, fake, cond, draw)`.
        name: for messages.
        size: numbers of one sample.
    """
    torch.manual_seed(0)
    D = _D(size, features=False)
    for batch in (1, BATCH):
        values = _values(penalty, name, D, torch.randn(batch, size), torch.randn(batch, size))
        _reaches(values, [D.first.weight], f"{name} has no gradient in D", "a gradient that reaches D's parameters")


def check_matching(term: Penalty, name: str = "the matching term", *, size: int = SIZE) -> None:
    """A matching term: the same, with a gradient in the fakes, by which G learns; D gives its features too.

    Args:
        term: `term(D, real, fake, cond, draw)`.
        name: for messages.
        size: numbers of one sample.
    """
    torch.manual_seed(0)
    D = _D(size, features=True)
    for batch in (1, BATCH):
        fake = torch.randn(batch, size).requires_grad_(True)
        values = _values(term, name, D, torch.randn(batch, size), fake)
        _reaches(values, [fake], f"{name} has no gradient in the fakes", "a term that G can learn through")


def _check_order(term: Penalty, name: str) -> None:
    """A name of the contract at another place would be given something else than it says."""
    try:
        names = [one.lstrip("_") for one in inspect.signature(term).parameters][: len(GIVEN)]
    except (ValueError, TypeError):  # written in another language
        return
    for place, one in enumerate(names):
        given = f"{name} takes ({', '.join(names)}), which is given '{GIVEN[place]}' as '{one}'"
        rule(one not in GIVEN or one == GIVEN[place], given, f"({', '.join(GIVEN)})")


def _values(term: Penalty, name: str, D: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    _check_order(term, name)
    values = term(D, real, fake, None, Draw(0))
    given = f"{tuple(values.shape)}" if isinstance(values, Tensor) else type(values).__name__
    good = isinstance(values, Tensor) and values.shape == (len(real),)
    rule(good, f"{name} returns {given}", f"({len(real)},)")
    rule(bool(torch.isfinite(values).all()), f"{name} returns numbers that are not finite", "finite values")
    again = term(D, real, fake, None, Draw(0))
    rule(torch.equal(values, again), f"{name} differs between equal draws", "all randomness from the draw")
    return values


def _reaches(values: Tensor, leaves: Sequence[Tensor], given: str, expected: str) -> None:
    grads = torch.autograd.grad(values.sum(), leaves, allow_unused=True) if values.requires_grad else (None,)
    rule(grads[0] is not None, given, expected)
