"""How G's per-sample losses become one number."""

from collections.abc import Callable

from torch import Tensor

from multigan.core.draw import Draw

__all__ = ["Reduction", "mean"]

Reduction = Callable[[Tensor, Tensor, Draw], Tensor]
"""`reduction(values, logits, draw) -> scalar`: of G's per-sample losses `(batch,)`, given D's logits of them."""


def mean(values: Tensor, logits: Tensor, draw: Draw) -> Tensor:
    """The mean over the batch: every sample counts."""
    return values.mean()
