"""Which reals a judge looks at: the same ones at the end of a run and when it is evaluated."""

from typing import NamedTuple

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.judge.bar import FEWEST, MOST

__all__ = ["Sides", "sides_of"]

KNOWN = 2000
"""Other reals that a modality may read beforehand, to show samples to the judge."""


class Sides(NamedTuple):
    """Item numbers, in random order; no item is in two of them.

    Attributes:
        real: what fakes are told from.
        others: trained ones in the place of fakes, as many or fewer; may be empty.
        known: trained ones that may be read before.
        unseen: whether `real` is held out.
    """

    real: Tensor
    others: Tensor
    known: Tensor
    unseen: bool


def sides_of(held_out: Tensor, trained: Tensor, seed: int, most: int = MOST) -> Sides:
    """Held-out reals where there are 120 or more, else trained ones.

    Of trained ones two thirds are judged, up to `most`, and the rest is for the other two: by few nothing can be told,
    while the floor, reals told from reals, is near one half at any number.

    Args:
        held_out: item numbers.
        trained: likewise.
        seed: of the choice; a training and an evaluation of the same seed choose the same.
        most: reals that are judged at most.
    """
    draw = Draw(seed, 0, "judge/sides/")
    held_out, trained = (
        items[torch.randperm(len(items), generator=draw.generator(name))]
        for items, name in ((held_out, "held_out"), (trained, "trained"))
    )
    unseen = min(len(held_out), len(trained)) >= 2 * FEWEST
    n = min(most, len(held_out) if unseen else 2 * len(trained) // 3)
    real, rest = (held_out[:n], trained) if unseen else (trained[:n], trained[n:])
    others = rest[: min(n, len(rest) if unseen else (len(rest) + 1) // 2)]
    return Sides(real, others, rest[len(others) :][:KNOWN], unseen)
