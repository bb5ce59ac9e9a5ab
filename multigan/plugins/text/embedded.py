"""Pairs of texts that need no files, as many as are wanted: translations, replies, leads of news."""

from collections.abc import Callable, Mapping
from pathlib import Path

from multigan.core.counted import counted
from multigan.core.errors import DataError, did_you_mean
from multigan.plugins.text.couples import Pairs
from multigan.plugins.text.headlines import story
from multigan.plugins.text.pick import Pick
from multigan.plugins.text.sentences import LANGUAGES, sentence
from multigan.plugins.text.smalltalk import exchange

__all__ = ["EMBEDDED", "embedded_pairs"]

SEED = 0
EMBEDDED: Mapping[str, tuple[str, ...]] = {
    "sentences": LANGUAGES,
    "smalltalk": ("prompt", "reply"),
    "headlines": ("headline", "lead"),
}
"""Names of the sets, and of their columns: the first is the input, the second the target, unless others are named."""
_MADE: Mapping[str, Callable[[Pick], tuple[str, ...]]] = {
    "sentences": sentence,
    "smalltalk": exchange,
    "headlines": story,
}


def embedded_pairs(name: str, columns: tuple[str, str] = ("", ""), n: int = 10_000, *, swap: bool = False) -> Pairs:
    """The first `n` pairs of a set; the same at every call.

    Args:
        name: a key of `EMBEDDED`.
        columns: of inputs and targets, "" = the first and the second.
        n: how many.
        swap: the other way round.

    Raises:
        DataError: there is no such column, or both are the same.
    """
    known = EMBEDDED[name]
    chosen = [column or known[place] for place, column in enumerate(columns)]
    chosen = chosen[::-1] if swap else chosen
    for column in chosen:
        if column not in known:
            raise DataError(
                f"{name} has no column '{column}'", f"one of {', '.join(known)}", did_you_mean(column, known)
            )
    if chosen[0] == chosen[1]:
        given = f"inputs and targets are both the column '{chosen[0]}' of {name}"
        raise DataError(
            given, "two columns", f"type --set input.column={next(one for one in known if one != chosen[0])}"
        )
    pick, make = Pick(SEED), _MADE[name]
    rows = [make(pick) for _ in range(n)]
    source, target = ([row[known.index(column)] for row in rows] for column in chosen)
    report = f"{name}: {counted(n, 'pair')} made here, {chosen[0]} as input and {chosen[1]} as target"
    return Pairs(source, target, (report,), (), Path())
