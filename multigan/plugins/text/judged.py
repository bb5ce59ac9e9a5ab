"""Texts as a fresh judge sees them: what each token is like, and how expected it is where it stands."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from multigan.plugins.text.ends import until_end
from multigan.plugins.text.shares import Shares

__all__ = ["ENOUGH", "REACHES", "before", "ids_of", "make_reader"]

ALIKE = 16
ENOUGH = 64
REACHES = (1, 2, 3)
TIMES = 4
"""Of subspace iteration."""


def make_reader(known: Tensor, end: int | None, vocab: int) -> Callable[[Tensor], Tensor]:
    """What turns one-hots `(batch, length, vocab)` into series `(batch, channels, length)` of float32.

    A judge of some hundred texts cannot learn what words mean. So texts that are judged on neither side are read first;
    they give each token a place among others by its neighbours, and its surprise: how unexpected it is by itself and
    after the tokens one, two and three before it. With fewer than 64 of them tokens have random places, and no
    surprise.

    Args:
        known: ids `(n, length)` of reals that are not judged.
        end: id of the end token; what follows the first of a text is nothing. None = texts have no end.
        vocab: number of tokens.

    Source: places are the singular vectors of positive pointwise mutual information of neighbours: Levy & Goldberg
    2014, section 3, here the eigenvectors, as the matrix is symmetric; `Shares` has that of the surprise.
    """
    counted = until_end(known, end)
    enough = len(known) >= ENOUGH
    places = _places(known, counted, vocab) if enough else _random_places(vocab)
    models = [Shares(before(known, k), known, counted, vocab) for k in REACHES] if enough else []

    def read(x: Tensor) -> Tensor:
        ids = x.argmax(-1).cpu()
        there = until_end(ids, end)
        channels = [places[ids].movedim(-1, 1)]
        if models:
            channels += [(-models[0].single[ids].log()).float()[:, None]]
            after = (model.nll(before(ids, k), ids) for k, model in zip(REACHES, models, strict=True))
            channels += [nats.float()[:, None] for nats in after]
        return torch.cat([*(channel * there[:, None] for channel in channels), there[:, None].float()], 1)

    return read


def ids_of(known: Iterable[Tensor], length: int) -> Tensor:
    """Ids `(n, length)` of one-hots `(batch, length, vocab)` in parts, of which there may be none."""
    parts = [part.argmax(-1).cpu() for part in known]
    return torch.cat(parts) if parts else torch.zeros(0, length, dtype=torch.int64)


def before(ids: Tensor, reach: int) -> Tensor:
    """One more than the token `reach` places before each, 0 where there is none."""
    reach = min(reach, ids.shape[1])
    return torch.cat([torch.zeros_like(ids[:, :reach]), ids[:, : ids.shape[1] - reach] + 1], 1)


def _random_places(vocab: int) -> Tensor:
    return torch.randn(vocab, ALIKE, generator=torch.Generator().manual_seed(0))


def _places(known: Tensor, counted: Tensor, vocab: int) -> Tensor:
    """`(vocab, 16)`, rows scaled to length 4; tokens that were never seen are at the origin."""
    pairs = [(known[:, :-1], known[:, 1:]), (known[:, 1:], known[:, :-1])]
    inside = counted[:, 1:]
    codes = torch.cat([(one * vocab + other)[inside] for one, other in pairs])
    code, count = torch.unique(codes, return_counts=True)
    row, column = code // vocab, code % vocab
    single = torch.bincount(codes // vocab, minlength=vocab).double()
    lift = (count * single.sum() / (single[row] * single[column])).log().clamp_min(0)
    axes = torch.randn(vocab, min(ALIKE, vocab), dtype=torch.float64, generator=torch.Generator().manual_seed(0))

    def applied(x: Tensor) -> Tensor:
        return torch.zeros_like(x).index_add_(0, row, lift[:, None] * x[column])

    for _ in range(TIMES):
        axes = torch.linalg.qr(applied(axes))[0]
    values, turn = torch.linalg.eigh(axes.T @ applied(axes))
    found = (axes @ turn * values.abs().sqrt()).float()
    found = found / found.norm(dim=1, keepdim=True).clamp_min(1e-6) * ALIKE**0.5
    return torch.where(single[:, None] > 0, found, torch.zeros(()))
