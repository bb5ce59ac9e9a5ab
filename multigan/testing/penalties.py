"""The check for a penalty."""

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Penalty
from multigan.testing.rules import BATCH, rule

__all__ = ["check_penalty"]


def check_penalty(penalty: Penalty, name: str = "the penalty") -> None:
    """A penalty: per-sample values, a gradient in D, the same draw gives the same values, sizes of batches 1 and 4.

    Args:
        penalty: `penalty(D, real, fake, cond, draw)`.
        name: for messages.
    """
    torch.manual_seed(0)
    first = nn.Linear(3, 8)
    body = nn.Sequential(first, nn.Tanh(), nn.Linear(8, 1))

    def D(x: Tensor, cond: Tensor | None = None, draw: Draw | None = None) -> Tensor:
        logits: Tensor = body(x)
        return logits.squeeze(1)

    for batch in (1, BATCH):
        real, fake = torch.randn(batch, 3), torch.randn(batch, 3)
        values = penalty(D, real, fake, None, Draw(0))
        rule(values.shape == (batch,), f"{name} returns {tuple(values.shape)}", f"({batch},)")
        again = penalty(D, real, fake, None, Draw(0))
        rule(torch.equal(values, again), f"{name} differs between equal draws", "all randomness from the draw")
        grads = torch.autograd.grad(values.sum(), [first.weight], allow_unused=True)
        rule(grads[0] is not None, f"{name} has no gradient in D", "a gradient that reaches D's parameters")
