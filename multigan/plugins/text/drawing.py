"""How a token comes of logits: exactly, or relaxed so that gradients pass."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["bar_of", "inverse_cdf", "relaxed"]


def bar_of(barred: Sequence[int], like: Tensor) -> Tensor:
    """Added to logits: 0, or -inf where a token is barred; `(vocab,)`, of the type and at the place of `like`."""
    # Made of operations that every exporter knows; a tensor of a list would be none.
    numbers = torch.arange(len(like), device=like.device)
    bar = torch.zeros(len(like), dtype=like.dtype, device=like.device)
    for one in barred:
        bar = bar.masked_fill(numbers == one, -torch.inf)
    return bar


def inverse_cdf(probabilities: Tensor, u: Tensor) -> Tensor:
    """The token whose share of [0, 1) holds u: `(batch, vocab)`, `(batch,)` -> `(batch,)`."""
    cdf = probabilities.double().cumsum(1)
    # Counting is searchsorted(right=True) in operations that every exporter knows.
    return (cdf <= u.double()[:, None] * cdf[:, -1:]).sum(1).clamp_max(cdf.shape[1] - 1)


def relaxed(noisy: Tensor, token: Tensor, beta: float, *, straight_through: bool) -> Tensor:
    """Relaxed one-hots `(..., vocab)` of logits with noise; straight through, that of `token` with their gradient.

    Source: Jang et al. 2017, Eq. 2 and section 2.2 (straight-through).
    """
    soft = F.softmax(beta * noisy, -1)
    if not straight_through:
        return soft
    return F.one_hot(token, noisy.shape[-1]).to(soft.dtype) + soft - soft.detach()
