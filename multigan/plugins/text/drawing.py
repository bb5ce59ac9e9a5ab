"""How a token comes of logits: exactly, or relaxed so that gradients pass."""

from collections.abc import Sequence
from typing import Annotated

import torch
import torch.nn.functional as F
from pydantic import Field
from torch import Tensor

__all__ = ["TopP", "bar_of", "inverse_cdf", "nucleus", "relaxed"]

TopP = Annotated[float, Field(gt=0, le=1)]
"""Of a recipe: the share of probability that the nucleus has at least."""
FEW = 2048
"""Likeliest tokens that are looked through first: to put a whole vocabulary in order takes several times as long."""


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


def nucleus(logits: Tensor, top_p: float) -> Tensor:
    """Logits `(..., vocab)`, -inf outside the nucleus: the fewest tokens whose probabilities together reach `top_p`.

    Tokens are taken by falling probability, of equal ones the one with the smaller id first; the likeliest is always
    in. Probabilities are those of the logits as they are given, after temperature and after whatever bars tokens. At 1
    nothing changes.

    Args:
        logits: of one place, or of many.
        top_p: in (0, 1].

    Source: Holtzman et al. 2020 ("The Curious Case of Neural Text Degeneration"), section 3.1, Eq. 2 and 3.
    """
    if top_p >= 1:
        return logits
    shares, whole = F.softmax(logits.double(), -1), logits.shape[-1]
    few = whole if torch.compiler.is_compiling() else min(FEW, whole)  # a program has no branch
    falling = shares.topk(few).values
    if few < whole and bool((falling.sum(-1) < top_p).any()):
        falling = shares.sort(dim=-1, descending=True).values
    inside = (falling.cumsum(-1) - falling < top_p).sum(-1, keepdim=True).clamp_min(1)  # what comes before falls short
    least = falling.gather(-1, inside - 1)
    above, level = shares > least, shares == least
    kept = above | (level & (level.cumsum(-1) <= inside - above.sum(-1, keepdim=True)))
    return logits.masked_fill(~kept, -torch.inf)


def relaxed(noisy: Tensor, token: Tensor, beta: float, *, straight_through: bool) -> Tensor:
    """Relaxed one-hots `(..., vocab)` of logits with noise; straight through, that of `token` with their gradient.

    Source: Jang et al. 2017, Eq. 2 and section 2.2 (straight-through).
    """
    soft = F.softmax(beta * noisy, -1)
    if not straight_through:
        return soft
    return F.one_hot(token, noisy.shape[-1]).to(soft.dtype) + soft - soft.detach()
