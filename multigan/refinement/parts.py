"""Held-out reals in three parts, so that nothing is judged by what it was fitted to."""

from typing import NamedTuple

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError

__all__ = ["FEWEST", "FEWEST_TO_LEARN", "Parts", "parts_of"]

FEWEST = 64
"""Held-out items from which on there is something to calibrate by: sixteen, and as many to stop by."""
FEWEST_TO_LEARN = 320
"""Likewise where a critic learns from some of them: 96."""


class Parts(NamedTuple):
    """Item numbers, int64.

    Attributes:
        stop: a quarter: when the critic has learnt enough.
        calibrate: a quarter: what its logits are worth.
        judge: half: for distances and likelihoods of the refined generator; no part of making it.
        learn: none, or, where the critic is to learn from items that the generator never saw, three tenths; a tenth
            each is then left to stop and to calibrate by.
    """

    stop: Tensor
    calibrate: Tensor
    judge: Tensor
    learn: Tensor

    def sizes(self) -> dict[str, int]:
        """Items in each part that has some; none to learn from is no part."""
        return {name: len(items) for name, items in self._asdict().items() if name != "learn" or len(items)}


def parts_of(held_out: Tensor, seed: int, *, learn: bool = False, items: int | None = None) -> Parts:
    """The same parts for the same held-out items and seed of a run; those to judge by do not depend on `learn`.

    Args:
        held_out: item numbers.
        seed: the run's, not the refinement's: another try is judged by the same items.
        learn: whether the critic learns from some of them.
        items: of the set in all, for what is advised where too few are held out; None = not known.

    Raises:
        DataError: there are too few; it says how many the set can spare, or how many it lacks.
    """
    n = len(held_out)
    if n < FEWEST:
        given = f"{counted(n, 'item is', 'items are')} held out"
        wanted = f"{FEWEST} or more, to stop, calibrate and judge by"
        raise DataError(given, wanted, _advice(FEWEST, 200, items))
    if learn and n < FEWEST_TO_LEARN:
        given = f"{counted(n, 'item is', 'items are')} held out"
        wanted = f"{FEWEST_TO_LEARN} or more, to learn from as well"
        raise DataError(given, wanted, f"{_advice(FEWEST_TO_LEARN, 1000, items)}; or type --reals trained")
    order = held_out[torch.randperm(n, generator=Draw(seed).generator("refine/parts"))]
    if learn:
        tenth, half = n // 10, 2 * (n // 4)
        return Parts(order[:tenth], order[tenth : 2 * tenth], order[half:], order[2 * tenth : half])
    stop, calibrate, judge = order.split([n // 4, n // 4, n - 2 * (n // 4)])
    return Parts(stop, calibrate, judge, order[:0])


def _advice(fewest: int, plenty: int, items: int | None) -> str:
    """How many to hold out; never more than half, as G has to learn from the others."""
    spared = plenty if items is None else min(plenty, items // 2)
    if items is None or spared >= fewest:
        return f"train again with --set data.holdout={spared}"
    more = counted(2 * fewest - items, "more item")
    return f"half of {counted(items, 'item')} is too few: collect {more}, and train with --set data.holdout={fewest}"
