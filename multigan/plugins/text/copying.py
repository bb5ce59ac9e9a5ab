"""Variety within texts, and what of them was copied from the training lines."""

from collections.abc import Hashable, Sequence

from multigan.plugins.text.bleu import Tokens, grams

__all__ = ["copied_share", "distinct", "longest_copies", "repeated_share", "unique_share"]


def distinct(texts: Sequence[Tokens], n: int) -> float:
    """Different n-grams over all n-grams, in [0, 1]; it falls with the number of texts: compare equal numbers.

    Source: Li et al. 2016, section 5.2 (distinct-1, distinct-2).
    Departures: divided by the number of n-grams, where they divide by the number of tokens.
    """
    found = [gram for text in texts for gram in grams(text, n)]
    return len(set(found)) / max(len(found), 1)


def unique_share(texts: Sequence[Tokens]) -> float:
    """Different texts over all texts, in [0, 1]."""
    return len({tuple(text) for text in texts}) / len(texts)


def copied_share(texts: Sequence[Tokens], train: Sequence[Tokens]) -> float:
    """Share of texts that are, token by token, a training line; 1 less this is novelty."""
    known = {tuple(text) for text in train}
    return sum(tuple(text) in known for text in texts) / len(texts)


def repeated_share(texts: Sequence[Tokens], train: Sequence[Tokens], n: int) -> float:
    """Share of the texts' n-grams that some training line has too, in [0, 1]."""
    known = {gram for text in train for gram in grams(text, n)}
    found = [gram for text in texts for gram in grams(text, n)]
    return sum(gram in known for gram in found) / max(len(found), 1)


def longest_copies(texts: Sequence[Tokens], train: Sequence[Tokens]) -> list[int]:
    """For every text the length of its longest run of tokens that one training line has too.

    Runs grow one token at a time, and only places whose shorter runs were found on both sides are looked at again: the
    work is what is shared, not the square of the corpus.
    """
    lengths = [0] * len(texts)
    unique = [list(text) for text in dict.fromkeys(tuple(text) for text in train)]
    mine, theirs = _everywhere(texts), _everywhere(unique)
    n = 1
    while mine and theirs:
        shared = _runs(texts, mine, n) & _runs(unique, theirs, n)
        for k in (mine := _keep(texts, mine, n, shared)):
            lengths[k] = n
        theirs = _keep(unique, theirs, n, shared)
        n += 1
    return lengths


Places = dict[int, list[int]]


def _everywhere(texts: Sequence[Tokens]) -> Places:
    return {k: list(range(len(text))) for k, text in enumerate(texts)}


def _runs(texts: Sequence[Tokens], places: Places, n: int) -> set[tuple[Hashable, ...]]:
    return {
        tuple(texts[k][start : start + n])
        for k, starts in places.items()
        for start in starts
        if start + n <= len(texts[k])
    }


def _keep(texts: Sequence[Tokens], places: Places, n: int, shared: set[tuple[Hashable, ...]]) -> Places:
    """The places whose run of n tokens is shared; a run cut by a text's end is none, as shared ones have n tokens."""
    kept = {
        k: [start for start in starts if tuple(texts[k][start : start + n]) in shared] for k, starts in places.items()
    }
    return {k: starts for k, starts in kept.items() if starts}
