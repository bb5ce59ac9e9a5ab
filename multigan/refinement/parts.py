"""Held-out reals in three parts, so that nothing is judged by what it was fitted to."""

from typing import NamedTuple

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import DataError

__all__ = ["FEWEST", "Parts", "parts_of"]

FEWEST = 64
"""Held-out items from which on there is something to calibrate by: sixteen, and as many to stop by."""


class Parts(NamedTuple):
    """Item numbers, int64.

    Attributes:
        stop: a quarter: when the critic has learnt enough.
        calibrate: a quarter: what its logits are worth.
        judge: half: for distances and likelihoods of the refined generator; no part of making it.
    """

    stop: Tensor
    calibrate: Tensor
    judge: Tensor

    def sizes(self) -> dict[str, int]:
        """Items in each."""
        return {name: len(items) for name, items in self._asdict().items()}


def parts_of(held_out: Tensor, seed: int) -> Parts:
    """The same parts for the same held-out items and seed of a run.

    Args:
        held_out: item numbers.
        seed: the run's, not the refinement's: another try is judged by the same items.

    Raises:
        DataError: there are too few.
    """
    n = len(held_out)
    if n < FEWEST:
        given = f"{counted(n, 'item is', 'items are')} held out"
        wanted = f"{FEWEST} or more, to stop, calibrate and judge by"
        raise DataError(given, wanted, "train with --set data.holdout=200")
    order = held_out[torch.randperm(n, generator=Draw(seed).generator("refine/parts"))]
    return Parts(*order.split([n // 4, n // 4, n - 2 * (n // 4)]))
