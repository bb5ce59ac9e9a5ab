"""Scores of texts: BLEU done right, diversity, and likelihoods where the truth is known."""

import math
from collections import Counter
from collections.abc import Sequence

from torch import Tensor

from multigan.plugins.text.oracle import Oracle
from multigan.types import Spec

__all__ = ["bleu", "distinct", "scores", "self_bleu"]

MOST = 200
Gram = tuple[int, ...]


def scores(real: Tensor, fake: Tensor, spec: Spec) -> dict[str, float]:
    """Scores of fake ids `(m, length)` against real ids `(n, length)`.

    `unique` and `distinct_2` in [0, 1]; `bleu_4` against up to 200 reals and `self_bleu_4` among up to 200 fakes;
    `nll_oracle` in nats per token for the synthetic oracle, where values *below* its floor mean lost diversity.
    """
    end = spec.meta.get("end")
    hypotheses, references = (_texts(ids, end) for ids in (fake, real))
    found = {
        "unique": len({tuple(text) for text in hypotheses}) / len(hypotheses),
        "distinct_2": distinct(hypotheses, 2),
        "bleu_4": bleu(hypotheses[:MOST], references[:MOST]),
        "self_bleu_4": self_bleu(hypotheses[:MOST]),
    }
    if "oracle" in spec.meta:
        found["nll_oracle"] = Oracle(**spec.meta["oracle"]).nll(fake).mean().item()
    return found


def distinct(texts: Sequence[Sequence[int]], n: int) -> float:
    """Different n-grams over all n-grams.

    Source: Li et al. 2016, section 5.
    """
    grams = [gram for text in texts for gram in _grams(text, n)]
    return len(set(grams)) / max(len(grams), 1)


def bleu(hypotheses: Sequence[Sequence[int]], references: Sequence[Sequence[int]], order: int = 4) -> float:
    """Mean sentence BLEU of every hypothesis against all references.

    Source: Papineni et al. 2002; smoothing method 1 of Chen & Cherry 2014 (epsilon .1), as text-GAN papers report it.
    """
    tables = _Tables(references, order)
    return sum(tables.score(text) for text in hypotheses) / len(hypotheses)


def self_bleu(texts: Sequence[Sequence[int]], order: int = 4) -> float:
    """Mean BLEU of every text against all *others*; 1 = all the same. One text alone has none (nan).

    Source: Zhu et al. 2018 (Texygen), section 3.1.
    Departures: a text is never its own reference, as it is in widely used code.
    """
    if len(texts) < 2:
        return math.nan
    tables = _Tables(texts, order)
    return sum(tables.score(text, skip=k) for k, text in enumerate(texts)) / len(texts)


class _Tables:
    """n-gram counts of references, counted once: the two largest counts of every gram serve all leave-one-out sets."""

    def __init__(self, references: Sequence[Sequence[int]], order: int) -> None:
        self.order = order
        self.lengths = [len(text) for text in references]
        self.top: list[dict[Gram, tuple[int, int, int]]] = []
        for n in range(1, order + 1):
            table: dict[Gram, tuple[int, int, int]] = {}
            for k, text in enumerate(references):
                for gram, count in Counter(_grams(text, n)).items():
                    first, owner, second = table.get(gram, (0, -1, 0))
                    table[gram] = (count, k, first) if count > first else (first, owner, max(second, count))
            self.top.append(table)

    def score(self, text: Sequence[int], skip: int = -1) -> float:
        """BLEU of `text` against all references but number `skip`."""
        logs = []
        for n in range(1, self.order + 1):
            counts = Counter(_grams(text, n))
            clipped = sum(min(count, self._most(n, gram, skip)) for gram, count in counts.items())
            if n == 1 and clipped == 0:
                return 0.0
            total = max(sum(counts.values()), 1)
            logs.append(math.log((clipped or 0.1) / total))
        return self._brevity(len(text), skip) * math.exp(sum(logs) / self.order)

    def _most(self, n: int, gram: Gram, skip: int) -> int:
        first, owner, second = self.top[n - 1].get(gram, (0, -1, 0))
        return second if owner == skip else first

    def _brevity(self, length: int, skip: int) -> float:
        others = (size for k, size in enumerate(self.lengths) if k != skip)
        closest = min(others, key=lambda size: (abs(size - length), size))
        return 1.0 if length > closest else math.exp(1 - closest / max(length, 1))


def _grams(text: Sequence[int], n: int) -> list[Gram]:
    return [tuple(text[k : k + n]) for k in range(len(text) - n + 1)]


def _texts(ids: Tensor, end: int | None) -> list[list[int]]:
    rows: list[list[int]] = ids.tolist()
    return rows if end is None else [row[: row.index(end)] if end in row else row for row in rows]
