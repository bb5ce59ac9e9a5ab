"""What text scores are framed by: references, real lines in the place of samples, trivial samples, judges of counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.text.bleu import BleuReferences, Tokens
from multigan.plugins.text.ngram import Alphabet, NgramModel
from multigan.plugins.text.vocabulary import split

__all__ = ["LEVELS", "Frame", "Judges", "make_frame", "pick", "tokenized"]

LEVELS = {"word": "word", "char": "character"}
ORDERS = {"word": 4, "char": 6}
MOST = 500
MOST_LEARNED = 20_000
FEWEST = 8


@dataclass(frozen=True)
class Judges:
    """What texts are judged by.

    Attributes:
        references: real texts that were not trained on.
        alphabet: all tokens of references and training texts.
        order: longest n-gram of the judges.
        judge: a language model of the references. Not of the training texts: it would take their copies for quality.
        tables: the references, counted for BLEU.
    """

    references: list[Tokens]
    alphabet: Alphabet
    order: int
    judge: NgramModel
    tables: BleuReferences

    @classmethod
    def of(cls, references: Sequence[Tokens], train: Sequence[Tokens] | None, level: str) -> "Judges":
        """Count the references; the training texts only tell which tokens there are."""
        alphabet, order = Alphabet([*references, *(train or [])]), ORDERS[level]
        judge = NgramModel(alphabet.encode(references), len(alphabet), order)
        return cls(list(references), alphabet, order, judge, BleuReferences(references, 5))


@dataclass(frozen=True)
class Frame(Judges):
    """Everything that one set of scores shares; all sets of texts have the same number `n`, so they can be compared.

    Attributes:
        samples: n texts that are judged.
        real: n reference texts in the place of samples: their scores are the floor.
        train: training texts, or None where they are not known.
        trivial: n texts drawn from a model of counts, of n-grams one shorter than the judge's.
        shuffled: the samples with their tokens shuffled over all of them: what is left without any order.
    """

    samples: list[Tokens]
    real: list[Tokens]
    train: list[Tokens] | None
    trivial: list[Tokens]
    shuffled: list[Tokens]

    @property
    def n(self) -> int:
        """How many texts every compared set has."""
        return len(self.samples)


def make_frame(
    samples: Sequence[Tokens],
    held_out: Sequence[Tokens],
    train: Sequence[Tokens] | None,
    *,
    level: str = "word",
    most: int = MOST,
    seed: int = 0,
) -> Frame:
    """Split the held-out texts in two halves, choose as many of everything, train the models of counts.

    Raises:
        DataError: fewer than 8 samples, or than 16 reference texts.
    """
    for name, texts, fewest in (("samples", samples, FEWEST), ("references", held_out, 2 * FEWEST)):
        if len(texts) < fewest:
            raise DataError(f"{len(texts)} {name}", f"at least {fewest}", "give more lines")
    mixed = pick(held_out, len(held_out), Draw(seed), "halves")
    references, others = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
    n = min(len(samples), len(others), most)
    real, chosen = others[:n], pick(samples, n, Draw(seed), "samples")
    learned = references if not train else pick(train, MOST_LEARNED, Draw(seed), "train")
    judges = Judges.of(references, train, level)
    trivial = NgramModel(judges.alphabet.encode(learned), len(judges.alphabet), judges.order - 1)
    return Frame(
        **vars(judges),
        samples=chosen,
        real=real,
        train=None if train is None else list(train),
        trivial=_drawn(trivial, judges.alphabet, real, seed),
        shuffled=_shuffled(chosen, seed),
    )


def pick(texts: Sequence[Tokens], n: int, draw: Draw, purpose: str) -> list[Tokens]:
    """At most n of the texts, in random order: the order of a file must not matter."""
    order = torch.randperm(len(texts), generator=draw.generator(f"text/{purpose}"))[:n]
    return [texts[k] for k in order.tolist()]


def tokenized(lines: Sequence[str], level: str) -> list[Tokens]:
    """Lines as sequences of words (or of ids, where a line is numbers with spaces between), or of characters."""
    return [split(line, LEVELS[level]) for line in lines]


def _drawn(model: NgramModel, alphabet: Alphabet, real: Sequence[Tokens], seed: int) -> list[Tokens]:
    longest = max(len(text) for text in real) + 1
    rows = model.sample(len(real), longest, Draw(seed).generator("text/trivial"))
    return list(alphabet.decode(rows))


def _shuffled(texts: Sequence[Tokens], seed: int) -> list[Tokens]:
    tokens = [token for text in texts for token in text]
    order = iter(torch.randperm(len(tokens), generator=Draw(seed).generator("text/shuffled")).tolist())
    return [[tokens[next(order)] for _ in text] for text in texts]
