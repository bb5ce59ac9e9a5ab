"""What `evaluation.json` says to programs: flags, each a key and the words that people read."""

from collections.abc import Mapping
from typing import Any

__all__ = ["COLLAPSED", "MEMORISING", "STILL_FAR", "TOO_SHORT", "UNTOLD", "flags_of", "health_in", "remarks_of"]

MEMORISING = "memorising"
"""The fakes are copies of trained items, or nearly."""
UNTOLD = "memorising-untold"
"""Too little is held out to tell whether they are."""
STILL_FAR = "still-far"
"""A fresh judge tells fakes from reals, or they are not where reals are."""
COLLAPSED = "collapsed"
"""The fakes are almost all the same."""
TOO_SHORT = "too-short"
"""It was trained on so few batches that nothing can be expected."""


def flags_of(evaluation: Mapping[str, Any]) -> dict[str, str]:
    """The flags of an evaluation, key to words."""
    flags = evaluation.get("flags")
    return _read_from_words(evaluation) if flags is None else dict(flags)


def remarks_of(evaluation: Mapping[str, Any]) -> list[str]:
    """What who gets the generator should know of its quality; nothing of it forbids to hand it on."""
    return [words for key, words in flags_of(evaluation).items() if key in (STILL_FAR, COLLAPSED, TOO_SHORT)]


def health_in(evaluation: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The word of an evaluation for its generator, and the sentences why; `("", [])` where it has none."""
    health = evaluation.get("health")
    if not isinstance(health, Mapping) or not isinstance(health.get("name"), str):
        return "", []
    why = health.get("why")
    return health["name"], [str(one) for one in why] if isinstance(why, list | tuple) else []


def _read_from_words(evaluation: Mapping[str, Any]) -> dict[str, str]:
    """The same of a file from before there were flags: the only place that reads sentences, which no longer change."""
    warnings, verdict = ([str(line) for line in evaluation.get(name) or ()] for name in ("warnings", "verdict"))
    copies = [line for line in warnings if line.lower().startswith("memoris")]
    untold = [line for line in verdict if line.lower().startswith("memorising: cannot be told")]
    return {key: "; ".join(lines) for key, lines in ((MEMORISING, copies), (UNTOLD, untold)) if lines}
