"""Likelihoods under a text generator whose samples have weights: exact up to one constant, which is estimated."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.generators import Reading, Reweighted
from multigan.core.types import Spec
from multigan.metrics.rejection import Partition, log_partition
from multigan.plugins.text.ends import until_end
from multigan.plugins.text.likelihood import Mean, held_out_oracle_texts, mean_row, nll_of, sampled_ids
from multigan.plugins.text.oracle import Oracle

__all__ = ["Weighted", "reweighted_rows", "weighted"]

SAMPLES = 4096
"""Of the plain net, for the constant and for means under the refined density."""
TEXTS = 2000
CHUNK = 128


class Weighted(NamedTuple):
    """Texts of the plain net with their weights.

    Attributes:
        ids: `(n, length)`.
        log_weight: `(n,)`.
        partition: log Z of them, with its error and from both sides.
    """

    ids: Tensor
    log_weight: Tensor
    partition: Partition

    def mean(self, values: Tensor) -> Mean:
        """The mean of `(n,)` under the refined density, by self-normalised importance sampling (Owen 2013, Eq. 9.8)."""
        w = (self.log_weight - self.log_weight.max()).exp()
        w = w / w.sum()
        value = float((w * values.double()).sum())
        return Mean(value, float(((w * (values.double() - value)) ** 2).sum().sqrt()))


def weighted(net: Reweighted, seed: int, n: int = SAMPLES) -> Weighted:
    """Draw from the plain net at temperature 1, and weigh.

    The unknown token is drawn too: likelihoods count it, and the constant has to be that of the same density.
    """
    with unbarred(net.plain):
        ids = sampled_ids(net.plain, n, seed, 1.0)
    log_weight = _log_weight(net, ids)
    return Weighted(ids, log_weight, log_partition(log_weight))


def reweighted_rows(net: Reweighted, held_out: Tensor, spec: Spec, seed: int = 0) -> list[dict[str, Any]]:
    """Held-out NLL under the refined density; of the oracle's texts also both divergences. None without a likelihood.

    `log p(x) = log q(x) + log w(x) - log Z`, with q the plain net: all but log Z is exact, and that is estimated from
    samples of q. The interval has the error over texts and that of log Z; the note has the bounds of Deng et al. 2020
    (residual energy-based models), Theorem 2, between which the value lies in expectation.

    Args:
        net: the plain net and its weights.
        held_out: ids `(n, length)` of reals that neither net nor weights were fitted to.
        spec: of the texts.
        seed: of the samples.
    """
    if not isinstance(net.plain, Reading):
        return []
    drawn = weighted(net, seed)
    if "oracle" not in spec.meta:
        nll, bounds = _nll(net, held_out, drawn)
        return [_row("nll_test", "held-out NLL", "similarity", "lower", nll, bounds)]
    oracle = Oracle(**spec.meta["oracle"])
    test = held_out_oracle_texts(oracle, TEXTS, seed)
    nll, bounds = _nll(net, test, drawn)
    floor = Mean.of(oracle.nll(test))
    tokens, log_z = test.shape[1], drawn.partition
    own = nll_of(net.plain, drawn.ids) - (drawn.log_weight - log_z.value) / tokens
    on_oracle = oracle.nll(drawn.ids)
    above = (log_z.high - log_z.value) / tokens
    forward = _with_error(Mean.of(_texts(net, test, drawn) - oracle.nll(test)), drawn, tokens)
    reverse = _with_error(drawn.mean(on_oracle - own), drawn, tokens)
    return [
        _row("reverse_kl", "KL(G || oracle)", "quality", "lower", reverse, (reverse.value, reverse.value - above), 0.0),
        _row(
            "forward_kl", "KL(oracle || G)", "similarity", "lower", forward, (forward.value, forward.value + above), 0.0
        ),
        _row("nll_oracle", "NLL under the oracle", "quality", "near floor", drawn.mean(on_oracle), None, floor.value),
        _row("nll_test", "held-out NLL", "similarity", "lower", nll, bounds, floor.value),
        _row("own_entropy", "own entropy", "diversity", "near floor", drawn.mean(own), None, floor.value),
    ]


@contextmanager
def unbarred(net: nn.Module) -> Iterator[None]:
    """A net that draws all tokens as likely as it says they are, for a while."""
    before = getattr(net, "barred", None)
    if before is None:
        yield
        return
    try:
        net.barred = ()  # type: ignore[assignment]
        yield
    finally:
        net.barred = before


@torch.no_grad()
def _log_weight(net: Reweighted, ids: Tensor) -> Tensor:
    vocab = int(net.plain.vocab)  # type: ignore[arg-type]
    device = next(net.plain.parameters()).device
    parts = [net.log_weight(F.one_hot(part.to(device), vocab).float()) for part in ids.split(CHUNK)]
    return torch.cat(parts).double().cpu()


def _texts(net: Reweighted, ids: Tensor, drawn: Weighted) -> Tensor:
    """NLL per token `(n,)` under the refined density."""
    plain = nll_of(net.plain, ids).double()
    shift: Tensor = (_log_weight(net, ids) - drawn.partition.value) / _lengths(net, ids)
    return plain - shift


def _nll(net: Reweighted, ids: Tensor, drawn: Weighted) -> tuple[Mean, tuple[float, float]]:
    values = _texts(net, ids, drawn)
    per_token = float((1 / _lengths(net, ids)).mean())
    mean = _with_error(Mean.of(values), drawn, 1 / per_token)
    return mean, (mean.value, mean.value + (drawn.partition.high - drawn.partition.value) * per_token)


def _with_error(mean: Mean, drawn: Weighted, tokens: float) -> Mean:
    return Mean(mean.value, math.hypot(mean.error, drawn.partition.error / tokens))


def _lengths(net: Reweighted, ids: Tensor) -> Tensor:
    """Tokens of each text, up to and including its end `(n,)`."""
    return until_end(ids, getattr(net.plain, "end", None)).sum(1).double()


def _row(
    key: str,
    title: str,
    group: str,
    better: str,
    mean: Mean,
    bounds: tuple[float, float] | None,
    floor: float | None = None,
) -> dict[str, Any]:
    between = f"; bounds {min(bounds):.4f} to {max(bounds):.4f}" if bounds else ""
    note = f"nats per token, log Z from {SAMPLES:,} samples{between}"
    return mean_row(key, title, group, better, mean, floor, note=note, over=", of texts and of log Z")
