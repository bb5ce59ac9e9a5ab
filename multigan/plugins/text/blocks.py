"""The scores of one set of texts in a frame, block by block: what costs the same counting is counted once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.metrics.intervals import wilson
from multigan.plugins.text.bleu import Tokens, self_bleu_by_text
from multigan.plugins.text.copying import copied_share, distinct, longest_copies, repeated_share, unique_share
from multigan.plugins.text.frame import Frame, Judges
from multigan.plugins.text.ngram import NgramModel, nll_by_text

__all__ = ["Parts", "all_scores", "bleu_parts", "judge_parts", "self_bleu_parts"]

ORDERS = (2, 3, 4, 5)
RESAMPLES = 300


class Parts(NamedTuple):
    """A score as a ratio of sums over texts.

    Attributes:
        sums, weights: float64 `(n,)`; one element where no interval makes sense.
    """

    sums: Tensor
    weights: Tensor

    @classmethod
    def mean(cls, values: Sequence[float]) -> "Parts":
        """Every text weighs the same."""
        sums = torch.tensor(values, dtype=torch.float64)
        return cls(sums, torch.ones_like(sums))

    @property
    def value(self) -> float:
        """The score."""
        return (self.sums.sum() / self.weights.sum()).item()

    @property
    def is_share(self) -> bool:
        """Whether each text says yes or no, so that what it is a share of has the interval of trials."""
        yes_or_no = bool(((self.sums == 0) | (self.sums == 1)).all() and (self.weights == 1).all())
        return yes_or_no and len(self.sums) > 1

    def resampled(self, choice: Tensor) -> Tensor:
        """The score of each of `(resamples, n)` choices of texts, `(resamples,)`."""
        return self.sums[choice].sum(1) / self.weights[choice].sum(1)

    def interval(self, seed: int = 0) -> tuple[float, float] | None:
        """95 % interval over texts, Wilson's of a share and else by bootstrap; None where there is none."""
        n = len(self.sums)
        if n < 2:
            return None
        if self.is_share:
            share = wilson(self.sums.sum().item(), n)
            return share.low, share.high
        choice = torch.randint(n, (RESAMPLES, n), generator=Draw(seed).generator("text/bootstrap"))
        low, high = self.resampled(choice).quantile(torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist()
        return low, high


def all_scores(texts: Sequence[Tokens], frame: Frame) -> dict[str, Parts]:
    """Every score of `texts` by its key; those of copying only where the training texts are known."""
    found = {**judge_parts(texts, frame), **bleu_parts(texts, frame), **self_bleu_parts(texts), **_variety(texts)}
    return found if frame.train is None else {**found, **_copies(texts, frame.train)}


def bleu_parts(texts: Sequence[Tokens], frame: Judges) -> dict[str, Parts]:
    """BLEU-2 .. 5 against the references."""
    rows = [frame.tables.scores(text) for text in texts]
    return {f"bleu_{n}": Parts.mean([row[n - 1] for row in rows]) for n in ORDERS}


def self_bleu_parts(texts: Sequence[Tokens]) -> dict[str, Parts]:
    """Self-BLEU-2 .. 5."""
    rows = self_bleu_by_text(texts)
    return {f"self_bleu_{n}": Parts.mean([row[n - 1] for row in rows]) for n in ORDERS}


def judge_parts(texts: Sequence[Tokens], frame: Judges) -> dict[str, Parts]:
    """`lm_nll`: the texts under the judge; `reverse_nll`: the references under a model trained on the texts.

    Source: "LM score" and "reverse LM score" of Caccia et al. 2020 (Language GANs falling short).
    Departures: models of counts in place of LSTMs, so that a score costs a second.
    """
    encoded = frame.alphabet.encode(texts)
    reverse = NgramModel(encoded, len(frame.alphabet), frame.order)
    return {
        "lm_nll": Parts(*nll_by_text(frame.judge, encoded)),
        "reverse_nll": Parts(*nll_by_text(reverse, frame.alphabet.encode(frame.references))),
    }


def _variety(texts: Sequence[Tokens]) -> dict[str, Parts]:
    shares: Mapping[str, float] = {
        **{f"distinct_{n}": distinct(texts, n) for n in (1, 2, 3, 4)},
        "unique": unique_share(texts),
    }
    return {key: Parts.mean([share]) for key, share in shares.items()}


def _copies(texts: Sequence[Tokens], train: Sequence[Tokens]) -> dict[str, Parts]:
    known = {tuple(text) for text in train}
    return {
        "novel": Parts.mean([1 - copied_share([text], list(known & {tuple(text)})) for text in texts]),
        "longest_copy": Parts.mean(longest_copies(texts, train)),
        "repeated_4": Parts.mean([repeated_share(texts, train, 4)]),
    }
