"""Texts in numbers for a judge's second witness: how expected their words are, and what was never seen together."""

from collections.abc import Callable

import torch
from torch import Tensor

from multigan.plugins.text.ends import until_end
from multigan.plugins.text.judged import ENOUGH, REACHES, before
from multigan.plugins.text.shares import Shares

__all__ = ["make_teller"]


def make_teller(known: Tensor, end: int | None, vocab: int) -> Callable[[Tensor], Tensor] | None:
    """What turns one-hots `(batch, length, vocab)` into numbers `(batch, 22)`; None where too little was read.

    Texts that are judged on neither side are read first. Of every text: the logarithm of its length; mean, mean square
    and maximum of how unexpected its tokens are by themselves and after the ones one, two and three places before; the
    share of pairs so far apart, and of threes, that were never read, and whether there is one; how many different
    tokens it has, by its length.

    Counts of words and of pairs themselves were weaker (docs/evaluation.md): among some hundred texts most pairs occur
    once, and a pair that the judged texts do not repeat is still known to be right or wrong by others.

    Args:
        known: ids `(n, length)` of reals that are not judged; of fewer than 64 nothing is learnt.
        end: id of the end token; what follows the first of a text is nothing. None = texts have no end.
        vocab: number of tokens.
    """
    if len(known) < ENOUGH:
        return None
    counted = until_end(known, end)
    models = [Shares(before(known, k), known, counted, vocab) for k in REACHES]
    read = [torch.unique(codes[counted]) for codes in _together(known, vocab)]

    def tell(x: Tensor) -> Tensor:
        ids = x.argmax(-1).cpu()
        there = until_end(ids, end)
        length = there.sum(1).double()
        after = (model.nll(before(ids, k), ids) for model, k in zip(models, REACHES, strict=True))
        nats = [-models[0].single[ids].log(), *after]
        new = [_strange(codes, seen) & there for codes, seen in zip(_together(ids, vocab), read, strict=True)]
        numbers = [length.log(), _different(ids, there) / length]
        for each in (one * there for one in nats):
            numbers += [each.sum(1) / length, each.square().sum(1) / length, each.amax(1)]
        for each in new:
            numbers += [each.sum(1) / length, each.any(1).double()]
        return torch.stack(numbers, 1).float()

    return tell


def _together(ids: Tensor, vocab: int) -> list[Tensor]:
    """One number for each pair one, two and three places apart, and for each three in a row, at the last of them."""
    pairs = [before(ids, k) * vocab + ids for k in REACHES]
    return [*pairs, before(ids, 2) * (vocab + 1) * vocab + pairs[0]]


def _strange(codes: Tensor, seen: Tensor) -> Tensor:
    """Which codes are not among the sorted ones that were read."""
    return seen[torch.searchsorted(seen, codes).clamp_max(len(seen) - 1)] != codes


def _different(ids: Tensor, there: Tensor) -> Tensor:
    """How many different tokens each text has, `(batch,)`."""
    ordered = torch.where(there, ids, -1).sort(1).values
    fresh = (ordered[:, 1:] != ordered[:, :-1]) & (ordered[:, 1:] >= 0)
    return fresh.sum(1) + (ordered[:, 0] >= 0)
