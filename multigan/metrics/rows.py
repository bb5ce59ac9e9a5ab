"""Rows of scores that modalities hand to an evaluation: one function of samples, of four sets of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["BETTER", "GROUPS", "About", "row"]

GROUPS = ("similarity", "quality", "diversity", "memorisation", "health")
BETTER = ("lower", "higher", "near floor", "none")


class About(NamedTuple):
    """What a score is.

    Attributes:
        key: short name.
        title: for people.
        group: one of `GROUPS`.
        better: one of `BETTER`.
        note: what a reader must know.
    """

    key: str
    title: str
    group: str
    better: str
    note: str = ""


def row(
    about: About, statistic: Callable[[Any], float | None], sets: Sequence[Any], baseline_note: str
) -> Mapping[str, Any]:
    """A score of fakes, of reals in their place (the floor) and of trivial fakes; see `multigan.evaluation.score`.

    Args:
        about: the score.
        statistic: of one set; None where it is not defined.
        sets: fakes, reals in their place, trivial fakes (None = no baseline).
        baseline_note: which trivial fakes.
    """
    fake, floor, trivial = sets
    return {
        **about._asdict(),
        "value": statistic(fake),
        "floor": statistic(floor),
        "floor_note": "reals in the place of fakes",
        "baseline": None if trivial is None else statistic(trivial),
        "baseline_note": None if trivial is None else baseline_note,
    }
