"""BLEU and self-BLEU of whole sets: n-grams are counted once, leaving one text out costs nothing.

Texts are sequences of tokens of any hashable kind: words, characters or ids.

Smoothing is method 1 of Chen & Cherry 2014 everywhere: a precision without any match counts .1 matches; without a
match of single tokens BLEU is 0. BLEU grows with the number of references: never compare values of different counts.
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

__all__ = ["BleuReferences", "Tokens", "bleu", "corpus_bleu", "grams", "self_bleu", "self_bleu_by_text"]

Tokens = Sequence[Hashable]
EPSILON = 0.1


class _Top(NamedTuple):
    """The largest count of a gram in one text, which text that is, and the largest count in the others."""

    first: int
    owner: int
    second: int


NOWHERE = _Top(0, -1, 0)


class BleuReferences:
    """References, counted once up to `order`; scores any number of texts, of any order up to that.

    Args:
        references: at least one text.
        order: longest n-gram.

    Source: Papineni et al. 2002, sections 2.1-2.3: counts clipped by the largest in any reference, closest length.
    """

    def __init__(self, references: Sequence[Tokens], order: int = 5) -> None:
        self.order = order
        self.lengths = Counter(len(text) for text in references)
        self.top: list[dict[Hashable, _Top]] = [{} for _ in range(order)]
        for owner, text in enumerate(references):
            for table, n in zip(self.top, range(1, order + 1), strict=True):
                for gram, count in Counter(grams(text, n)).items():
                    first, whose, second = table.get(gram, NOWHERE)
                    larger = count > first
                    table[gram] = _Top(count, owner, first) if larger else _Top(first, whose, max(second, count))

    def scores(self, text: Tokens, skip: int = -1) -> list[float]:
        """BLEU-1 .. BLEU-order of one text against all references but number `skip`, which must be the text itself."""
        pairs = self.matches(text, skip)
        penalty = _brevity(len(text), self.closest(len(text), skip >= 0))
        return [_geometric(pairs[:n]) * penalty for n in range(1, self.order + 1)]

    def matches(self, text: Tokens, skip: int = -1) -> list[tuple[int, int]]:
        """For n = 1 .. order: clipped matches, and n-grams of the text (at least 1)."""
        found = []
        for table, n in zip(self.top, range(1, self.order + 1), strict=True):
            counts = Counter(grams(text, n))
            clipped = sum(min(count, _most(table.get(gram, NOWHERE), skip)) for gram, count in counts.items())
            found.append((clipped, max(1, counts.total())))
        return found

    def closest(self, length: int, one_less: bool = False) -> int:
        """The reference length nearest to `length`, the shorter of two; `one_less` takes one of just `length` away."""
        lengths = (size for size, count in self.lengths.items() if count > (one_less and size == length))
        return min(lengths, key=lambda size: (abs(size - length), size))


def bleu(hypotheses: Sequence[Tokens], references: Sequence[Tokens], order: int = 4) -> float:
    """Mean sentence BLEU in [0, 1] of every hypothesis against all references.

    Source: as text-GAN papers report it (Zhu et al. 2018, Texygen); equal to the mean of nltk's `sentence_bleu` with
    `SmoothingFunction().method1`.
    """
    tables = BleuReferences(references, order)
    return sum(tables.scores(text)[-1] for text in hypotheses) / len(hypotheses)


def corpus_bleu(hypotheses: Sequence[Tokens], references: Sequence[Tokens], order: int = 4) -> float:
    """BLEU in [0, 1] of the hypotheses as one corpus: matches and lengths are summed before they are divided.

    Source: Papineni et al. 2002, section 2.3; equal to nltk's `corpus_bleu` with the same smoothing, every hypothesis
    having all references.
    """
    tables = BleuReferences(references, order)
    rows = [tables.matches(text) for text in hypotheses]
    pairs = [(sum(row[n][0] for row in rows), sum(row[n][1] for row in rows)) for n in range(order)]
    length = sum(len(text) for text in hypotheses)
    return _geometric(pairs) * _brevity(length, sum(tables.closest(len(text)) for text in hypotheses))


def self_bleu(texts: Sequence[Tokens], order: int = 4) -> float:
    """Mean BLEU in [0, 1] of every text against all *others*; 1 = all the same. One text alone has none (nan).

    Source: Zhu et al. 2018 (Texygen), self-BLEU.
    Departures: a text is never its own reference, as it is in widely used code; an exact copy of it still is.
    """
    if len(texts) < 2:
        return math.nan
    return sum(row[-1] for row in self_bleu_by_text(texts, order)) / len(texts)


def self_bleu_by_text(texts: Sequence[Tokens], order: int = 5) -> list[list[float]]:
    """For every text its BLEU-1 .. BLEU-order against all others; two texts at least."""
    tables = BleuReferences(texts, order)
    return [tables.scores(text, skip=k) for k, text in enumerate(texts)]


def grams(text: Tokens, n: int) -> list[Hashable]:
    """All runs of n tokens, as tuples."""
    return [tuple(text[k : k + n]) for k in range(len(text) - n + 1)]


def _most(top: _Top, skip: int) -> int:
    return top.second if top.owner == skip else top.first


def _geometric(pairs: Sequence[tuple[int, int]]) -> float:
    if pairs[0][0] == 0:
        return 0.0
    return math.exp(sum(math.log((clipped or EPSILON) / total) for clipped, total in pairs) / len(pairs))


def _brevity(length: int, closest: int) -> float:
    return 1.0 if length > closest else math.exp(1 - closest / max(length, 1))
