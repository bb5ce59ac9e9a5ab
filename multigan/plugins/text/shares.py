"""Shares of tokens given a context, counted and smoothed: a model of texts that takes milliseconds."""

import torch
from torch import Tensor

__all__ = ["Shares"]


class Shares:
    """`p(w | h) = (c(hw) + T(h) p(w)) / (c(h) + T(h))`, with `p(w) = (c(w) + T / W) / (c + T)`.

    c are counts, T(h) is the number of different tokens seen under context h, T that of all texts, W how many tokens
    there are. A context that was never seen gives p(w).

    Memory grows with what was seen, not with contexts times tokens.

    Args:
        contexts: what each token is counted under, int64 from 0, any shape.
        tokens: int64 from 0, the same shape.
        counted: bool, the same shape; where False a token is left out.
        vocab: W.

    Source: Witten & Bell 1991, method C; in the interpolated form of Chen & Goodman 1998, section 2.5.
    """

    def __init__(self, contexts: Tensor, tokens: Tensor, counted: Tensor, vocab: int) -> None:
        contexts, tokens = contexts[counted], tokens[counted]
        single = torch.bincount(tokens, minlength=vocab).double()
        kinds = (single > 0).double().sum()
        self.vocab = vocab
        self.single = (single + kinds / vocab) / (single.sum() + kinds)
        self.pairs, self.counts = torch.unique(contexts * vocab + tokens, return_counts=True)
        self.totals = torch.bincount(contexts).double()
        self.kinds = torch.bincount(self.pairs // vocab).double()

    def nll(self, contexts: Tensor, tokens: Tensor) -> Tensor:
        """`-log p(tokens | contexts)` of each, in nats: float64 of the same shape."""
        pair = contexts * self.vocab + tokens
        at = torch.searchsorted(self.pairs, pair).clamp_max(len(self.pairs) - 1)
        count = torch.where(self.pairs[at] == pair, self.counts[at], 0)
        context = contexts.clamp_max(len(self.totals) - 1)
        total = torch.where(contexts < len(self.totals), self.totals[context], 0)
        share = (count + self.kinds[context] * self.single[tokens]) / (total + self.kinds[context]).clamp_min(1)
        return -torch.where(total > 0, share, self.single[tokens]).log()
