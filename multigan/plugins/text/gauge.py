"""What a run's vitals ask of texts: whether fakes keep the order of tokens, and what G still knows of its texts."""

from collections.abc import Iterable
from inspect import signature

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.generators import GeneratorNet, Reading
from multigan.core.types import Gauge, Spec
from multigan.plugins.text.ends import until_end
from multigan.plugins.text.likelihood import nll_of
from multigan.plugins.text.shares import Shares

__all__ = ["make_gauge"]

TAUGHT = 128
FEWEST = 16
CERTAIN = 10
"""The order of reals must stand out by as many standard errors: else few texts are too little to see it by."""


def make_gauge(trained: Iterable[Tensor], unseen: Iterable[Tensor], spec: Spec) -> Gauge:
    """Count trained texts once; what is returned measures a G and its fakes, one-hots `(n, length, vocab)`.

    Two models of counts are made, see `Shares`: of a token given the one before it, which knows a little of order, and
    of a token given its place, which knows none. All values are nats per token, means over texts:

    - `order`: NLL of fakes under the first. `order_floor` is that of unseen texts, `order_floor_deviation` its standard
      error; `order_trivial` is that of unseen texts whose tokens were dealt anew over the texts, each in its place.
      Left out where reals show no order.
    - `surprise`: NLL of trained texts under G. `surprise_trivial` is that under the second model, counted on others.
      Left out where G has no exact likelihood. Trained texts, because unseen ones also grow unlikely when a G learns
      its texts by heart, which is no forgetting.
    - `surprise_unseen`: NLL of unseen texts under G; where it rises, G learns by heart.

    Without unseen texts, or with fewer than 16 trained ones, nothing is measured.

    Args:
        trained: one-hots, in parts.
        unseen: held-out ones, in parts.
        spec: its `meta["end"]` is the id of the end token; what follows the first end of a text does not count.

    Source: `order` is NLL_oracle of Yu et al. 2017 (SeqGAN) with counts in the oracle's place; `surprise` is the loss
    of their pre-training (Algorithm 1, line 2).
    """
    train, held = _ids(trained), _ids(unseen)
    if len(train) < FEWEST or not len(held):
        return lambda G, fake: {}
    end, vocab = spec.meta.get("end"), spec.shape[1]
    n = min(TAUGHT, len(train) // 4)
    taught, others = train[:n], train[n:]
    pairs = Shares(_contexts(train, "pair"), train, until_end(train, end), vocab)
    places = Shares(_contexts(others, "place"), others, until_end(others, end), vocab)
    frame = _frame(pairs, held, end)
    trivial = _nll(places, taught, end, by="place").mean().item()

    def gauge(G: nn.Module, fake: Tensor) -> dict[str, float]:
        found = {}
        if frame:
            found = {"order": _nll(pairs, fake.argmax(-1).cpu(), end).mean().item(), **frame}
        if _has_likelihood(G):
            device = next(G.parameters()).device
            found |= {"surprise": nll_of(G, taught.to(device)).mean().item(), "surprise_trivial": trivial}
            found["surprise_unseen"] = nll_of(G, held.to(device)).mean().item()
        return found

    return gauge


def _frame(pairs: Shares, held: Tensor, end: int | None) -> dict[str, float]:
    """What `order` is for reals, and for reals without order; nothing where the two are too near each other."""
    real = _nll(pairs, held, end)
    dealt = _nll(pairs, held.gather(0, Draw(0).uniform("deal", tuple(held.shape)).argsort(0)), end)
    error = ((real.var() + dealt.var()) / len(held)) ** 0.5
    if not dealt.mean() - real.mean() > CERTAIN * error:
        return {}
    deviation = (real.std() / len(held) ** 0.5).item()
    return {
        "order_floor": real.mean().item(),
        "order_floor_deviation": deviation,
        "order_trivial": dealt.mean().item(),
    }


def _nll(model: Shares, ids: Tensor, end: int | None, by: str = "pair") -> Tensor:
    """NLL per token of every text `(n, length)`: `(n,)` float64."""
    counted = until_end(ids, end)
    return (model.nll(_contexts(ids, by), ids) * counted).sum(1) / counted.sum(1).clamp_min(1)


def _contexts(ids: Tensor, by: str) -> Tensor:
    """What each token is counted under: the place it has, or one more than the token before it, 0 at the start."""
    if by == "place":
        return torch.arange(ids.shape[1]).expand_as(ids)
    return torch.cat([torch.zeros_like(ids[:, :1]), ids[:, :-1] + 1], 1)


def _has_likelihood(G: nn.Module) -> bool:
    """Whether teacher forcing gives it exactly: with a latent or an input it would be that of one."""
    if "source" in signature(G.forward).parameters:
        return False
    return isinstance(G, Reading) and isinstance(G, GeneratorNet) and tuple(G.latent.shape) == (0,)


def _ids(parts: Iterable[Tensor]) -> Tensor:
    ids = [part.argmax(-1).cpu() for part in parts]
    return torch.cat(ids) if ids else torch.zeros(0, 0, dtype=torch.long)
