"""One word for a generator whose outputs have targets: whether they are nearer to them than what nobody has trained."""

from collections.abc import Mapping, Sequence
from typing import Any

from multigan.core.counted import counted
from multigan.evaluation.health import Health, few_words
from multigan.evaluation.score import Score

__all__ = ["health_of_pairs"]

ENOUGH = 30
"""Pairs from which on an interval of resampled ones means something."""
NO_JUDGE = "their targets judge the outputs, no fresh judge does"


def health_of_pairs(
    scores: Sequence[Score],
    rivals: Mapping[str, Mapping[str, Any]],
    *,
    batches: float | None,
    samples: float | None,
    unseen: bool,
) -> Health:
    """What the first score of likeness to targets says, beside what needs no training.

    Args:
        scores: of the evaluation.
        rivals: the same scores of what needs no training, by name: the input as it is, a copied target.
        batches: of reals that the generator's training has seen; None = unknown.
        samples: reals in these; None = unknown.
        unseen: whether pairs are held out.
    """
    first = next((score for score in scores if score.group == "similarity"), None)
    beside = {name: float(row[first.key]["value"]) for name, row in rivals.items() if first and first.key in row}
    if few := few_words(batches, samples):
        return Health("too short to say", (few, NO_JUDGE))
    if first is None or not beside:
        return Health("cannot be told", ("there is nothing to hold outputs against", NO_JUDGE))
    others = " and ".join(f"{first.told(value)} of {name}" for name, value in beside.items())
    told = f"{first.title} {_with_ends(first)}, beside {others}"
    if not unseen or (first.n_real or 0) < ENOUGH:
        why = f"{counted(first.n_real or 0, 'pair')}, {ENOUGH} or more are needed" if unseen else "no pair is held out"
        return Health("cannot be told", (why, told, NO_JUDGE))
    lost = [name for name, value in beside.items() if not _surely_better(first, value)]
    if lost:
        return Health("no better than what needs no training", (f"{told}: not surely better than {lost[0]}", NO_JUDGE))
    return Health("better than what needs no training", (told, NO_JUDGE))


def _surely_better(own: Score, other: float) -> bool:
    if own.better == "higher":
        return (own.value if own.low is None else own.low) > other
    return (own.value if own.high is None else own.high) < other


def _with_ends(score: Score) -> str:
    if score.low is None or score.high is None:
        return score.told(score.value)
    return f"{score.told(score.value)} ({score.told(score.low)} to {score.told(score.high)})"
