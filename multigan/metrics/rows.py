"""Rows of scores that modalities hand to an evaluation: one function of samples, of four sets of them."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["BETTER", "GROUPS", "TAKEN", "About", "row"]

GROUPS = ("similarity", "quality", "diversity", "memorisation", "health")
BETTER = ("lower", "higher", "near floor", "none")
TAKEN = frozenset(
    {
        *("frechet", "frechet_limit", "kernel", "ndb", "precision", "density", "recall", "coverage", "vendi"),
        *("unseen_nearest", "copy_test", "class_score", "class_imbalance", "judge", "labels"),
    }
)
"""Keys of scores that an evaluation has of any modality: a modality names its own otherwise."""


class About(NamedTuple):
    """What a score is.

    Attributes:
        key: short name.
        title: for people.
        group: one of `GROUPS`.
        better: one of `BETTER`.
        note: what a reader must know.
        unit: `"%"` of a share, which stays a share of 1 in files; of others such as `"dB"`; "" = a number of no unit.
    """

    key: str
    title: str
    group: str
    better: str
    note: str = ""
    unit: str = ""


def row(
    about: About, statistic: Callable[[Any], float | None], sets: Sequence[Any], baseline_note: str
) -> Mapping[str, Any]:
    """A score of fakes, of reals in their place (the floor) and of trivial fakes; see `multigan.evaluation.score`.

    Args:
        about: the score.
        statistic: of one set; None where it is not defined. Of floor and baseline, what is not finite is None too.
        sets: fakes, reals in their place, trivial fakes (None = no baseline).
        baseline_note: which trivial fakes.
    """
    fake, floor, trivial = sets
    return {
        **about._asdict(),
        "value": statistic(fake),
        "floor": _defined(statistic(floor)),
        "floor_note": "reals in the place of fakes",
        "baseline": None if trivial is None else _defined(statistic(trivial)),
        "baseline_note": None if trivial is None else baseline_note,
    }


def _defined(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
