"""How outputs compare with their targets, text by text: BLEU and chrF of sacrebleu, exact match, variety."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from multigan.core.types import Spec
from multigan.metrics.rows import About
from multigan.plugins.paired import PairScore
from multigan.plugins.text.vocabulary import END, Vocabulary

__all__ = ["bleu_reward", "chrf_reward", "pair_scores"]

ORDERS = (1, 2)
FOUR = 4
"""Words of a text in which BLEU finds one that follows three others."""


def pair_scores(spec: Spec) -> list[PairScore]:
    """Scores of outputs and targets like `spec`, one-hots `(n, length, vocab)`.

    Source: Papineni et al. 2002 (BLEU), Popović 2015 (chrF), both as Post 2018 (sacrebleu) computes them; distinct-n:
    Li et al. 2016, section 5.3.
    """
    found = [_of_corpus("bleu", "BLEU", spec), _of_corpus("chrf", "chrF", spec)]
    exact = About(
        "exact", "exact match", "similarity", "higher", "share of outputs that are their target, to the letter", "%"
    )
    vocabulary = Vocabulary.from_meta(spec.meta)
    found.append(PairScore(exact, _equal(vocabulary), lambda rows: float(rows.double().mean()), share=True))
    same = About("top_share", "share of the most frequent output", "diversity", "lower", unit="%")
    found.append(PairScore(same, _numbered(vocabulary), _top_share, resampled=False))
    for n in ORDERS:
        note = f"different {n}-grams of tokens over all of them"
        about = About(f"distinct_{n}", f"distinct-{n} of outputs", "diversity", "higher", note)
        found.append(PairScore(about, _ids, _distinct(n), resampled=False))
    return found


def bleu_reward(fake: Tensor, real: Tensor, spec: Spec) -> Tensor:
    """Sentence BLEU of outputs beside their targets, in [0, 1], `(batch,)`."""
    return _sentences("bleu", fake, real, spec)


def chrf_reward(fake: Tensor, real: Tensor, spec: Spec) -> Tensor:
    """Sentence chrF of outputs beside their targets, in [0, 1], `(batch,)`."""
    return _sentences("chrf", fake, real, spec)


def _metric(name: str) -> Any:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    return BLEU(effective_order=True) if name == "bleu" else CHRF()


def _sentences(name: str, fake: Tensor, real: Tensor, spec: Spec) -> Tensor:
    metric, vocabulary = _metric(name), Vocabulary.from_meta(spec.meta)
    pairs = zip(_texts(fake, vocabulary), _texts(real, vocabulary), strict=True)
    scores = [metric.sentence_score(one, [other]).score / 100 for one, other in pairs]
    return torch.tensor(scores, device=fake.device)


def _of_corpus(key: str, title: str, spec: Spec) -> PairScore:
    """A score of sacrebleu in two steps: the statistics of every text, and the score of their sums."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    metric: Any = BLEU() if key == "bleu" else CHRF()
    vocabulary = Vocabulary.from_meta(spec.meta)

    def rows(real: Tensor, fake: Tensor) -> Tensor:
        texts = _texts(fake, vocabulary), [_texts(real, vocabulary)]
        return torch.tensor(metric._extract_corpus_statistics(*texts), dtype=torch.float64)

    def number(found: Tensor) -> float:
        return float(metric._aggregate_and_compute(found.long().tolist()).score)

    metric.corpus_score(["a b c d"], [["a b c d"]])  # it knows its signature after the first use
    note = f"of sacrebleu, {metric.get_signature()}"

    def long(real: Tensor) -> list[bool]:
        return [len(text.split()) >= FOUR for text in _texts(real, vocabulary)]

    found = PairScore(About(key, title, "similarity", "higher", note), rows, number, bounds=(0.0, 100.0))
    if key != "bleu":
        return found
    why = f"{title} is left out: it counts words that follow three others, and no target has {FOUR} words"
    return found._replace(
        suits=lambda real: 2 * sum(long(real)) >= len(real), lacks=lambda real: "" if any(long(real)) else why
    )


def _texts(x: Tensor, vocabulary: Vocabulary) -> list[str]:
    return [vocabulary.decode(ids) for ids in x.argmax(-1).tolist()]


def _ids(real: Tensor, fake: Tensor) -> Tensor:
    """Ids of outputs up to the first end, ends behind it, `(n, length)`."""
    ids = fake.argmax(-1)
    over = (ids == END).cumsum(1) > 0
    return ids.masked_fill(over, END)


def _equal(vocabulary: Vocabulary) -> Callable[[Tensor, Tensor], Tensor]:
    """By letters: byte pairs can spell one text in several ways."""

    def rows(real: Tensor, fake: Tensor) -> Tensor:
        same = [one == other for one, other in zip(_texts(fake, vocabulary), _texts(real, vocabulary), strict=True)]
        return torch.tensor(same, dtype=torch.float64)[:, None]

    return rows


def _numbered(vocabulary: Vocabulary) -> Callable[[Tensor, Tensor], Tensor]:
    """Outputs as numbers `(n, 1)`, equal where their texts are."""

    def rows(real: Tensor, fake: Tensor) -> Tensor:
        known = dict[str, int]()
        return torch.tensor([known.setdefault(text, len(known)) for text in _texts(fake, vocabulary)])[:, None]

    return rows


def _top_share(rows: Tensor) -> float:
    return Counter(map(tuple, rows.tolist())).most_common(1)[0][1] / len(rows)


def _distinct(n: int) -> Callable[[Tensor], float]:
    def share(rows: Tensor) -> float:
        grams = [gram for ids in rows.tolist() for gram in _grams([k for k in ids if k != END], n)]
        return len(set(grams)) / max(1, len(grams))

    return share


def _grams(ids: Sequence[int], n: int) -> list[tuple[int, ...]]:
    return [tuple(ids[k : k + n]) for k in range(len(ids) - n + 1)]
