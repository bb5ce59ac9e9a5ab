"""Likelihoods where they are exact: of held-out texts under G, and both divergences where the truth is an oracle."""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.generators import latent_of, writer_of
from multigan.plugins.text.objective import token_nll
from multigan.plugins.text.oracle import Oracle

__all__ = ["Mean", "OracleScores", "held_out_oracle_texts", "mean_row", "nll_of", "oracle_scores", "sampled_ids"]

CHUNK = 250


class Mean(NamedTuple):
    """A mean over texts with its standard error, nats per token.

    Attributes:
        value: the mean.
        error: standard deviation over texts divided by the root of their number.
    """

    value: float
    error: float

    @classmethod
    def of(cls, values: Tensor) -> "Mean":
        """The mean of `(n,)`, n >= 2."""
        values = values.double()
        return cls(values.mean().item(), (values.std() / len(values) ** 0.5).item())


def mean_row(  # noqa: PLR0913  (what a row says)
    key: str,
    title: str,
    group: str,
    better: str,
    mean: Mean,
    floor: float | None = None,
    *,
    note: str = "nats per token at temperature 1",
    over: str = " over texts",
) -> dict[str, Any]:
    """A row of scores that is a mean over texts.

    Args:
        key: of the score.
        title: for people.
        group: what it speaks of.
        better: `"lower"`, `"higher"` or `"near floor"`.
        mean: value and standard error, nats per token.
        floor: of the oracle's own texts; None = there is none.
        note: how it was taken.
        over: what the standard error is of.
    """
    return {
        "key": key,
        "title": title,
        "group": group,
        "better": better,
        "note": note,
        "value": mean.value,
        "low": mean.value - 1.96 * mean.error,
        "high": mean.value + 1.96 * mean.error,
        "interval": f"95 %, 1.96 standard errors{over}",
        "floor": floor,
        "floor_note": None if floor is None else "the oracle's own texts",
        "baseline": None,
        "baseline_note": None,
        "n_fake": None,
        "n_real": None,
    }


class OracleScores(NamedTuple):
    """G against the oracle, nats per token.

    Attributes:
        nll_oracle: of G's texts under the oracle: quality alone. Below `floor` it proves lost diversity.
        nll_test: of held-out oracle texts under G: falls with quality and diversity.
        own_entropy: of G's texts under G.
        floor: of held-out oracle texts under the oracle: its entropy, what an honest G would reach.
        reverse_kl: KL(G || oracle) = nll_oracle - own_entropy, of the same texts.
        forward_kl: KL(oracle || G) = nll_test - floor, of the same texts.
    """

    nll_oracle: Mean
    nll_test: Mean
    own_entropy: Mean
    floor: Mean
    reverse_kl: Mean
    forward_kl: Mean


def oracle_scores(G: nn.Module, oracle: Oracle, test: Tensor, fake: Tensor, temperature: float = 1.0) -> OracleScores:
    """All likelihoods of G against the oracle that made its data.

    Args:
        G: has `logits(tokens)` and `end`; call `eval()` first.
        oracle: of the training data.
        test: oracle texts `(n, length)` that G never saw, see `held_out_oracle_texts`.
        fake: G's texts `(m, length)`, drawn at `temperature`.
        temperature: of G; both KL divergences are those of G at it.

    Source: Yu et al. 2017 (SeqGAN), NLL_oracle; Zhu et al. 2018 (Texygen) for `nll_test`.
    Departures: nats per token, as numbers are published, where the formula sums over a text; `nll_test` is of held-out
    texts, where widely used code takes the training set.
    """
    on_fake, own = oracle.nll(fake), nll_of(G, fake, temperature)
    on_test, floor = nll_of(G, test, temperature), oracle.nll(test)
    pairs = (on_fake, on_test, own, floor, on_fake - own, on_test - floor)
    return OracleScores(*(Mean.of(values) for values in pairs))


@torch.no_grad()
def nll_of(G: nn.Module, tokens: Tensor, temperature: float = 1.0) -> Tensor:
    """NLL per token `(n,)` of texts `(n, length)` under G, in chunks."""
    return torch.cat([token_nll(G, part, temperature).cpu() for part in tokens.split(CHUNK)])


def sampled_ids(G: nn.Module, n: int, seed: int, temperature: float | None = None) -> Tensor:
    """Ids `(n, length)` that G draws; `temperature` None = G's own. G has `sample` and `latent`, as the LSTM has."""
    parts = []
    for number in range(-(-n // CHUNK)):
        draw = Draw(seed, number, "likelihood/")
        z = latent_of(G).sample(CHUNK, draw)
        parts.append(writer_of(G).sample(CHUNK, draw, z=z, temperature=temperature))
    return torch.cat(parts)[:n].cpu()


def held_out_oracle_texts(oracle: Oracle, n: int, seed: int = 0) -> Tensor:
    """Fresh oracle texts `(n, length)`, keyed apart from the training set's."""
    return oracle.sample(n, Draw(seed).generator("oracle/test"))
