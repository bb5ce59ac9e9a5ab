"""Which items are kept out of training, so that a run can be judged on what it never saw."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError

__all__ = ["FROM", "TO_EVALUATE", "Split", "split_items"]

SHARE = 0.05
FEWEST, MOST = 32, 2048
LARGEST_SHARE = 0.2
FROM = 160
"""Items from which on some are held out where the recipe leaves it open: a fifth of them is `FEWEST`."""
TO_EVALUATE = 64
"""Items in all from which on a generator can be judged: two sets of 32, and a distance between fewer says nothing."""


@dataclass(frozen=True)
class Split:
    """Item numbers of a data set in two disjoint parts.

    Attributes:
        train: int64, ascending; what batches are drawn from.
        held_out: int64, ascending; never trained on, may be empty.
        reason: one line for people.
    """

    train: Tensor
    held_out: Tensor
    reason: str


def split_items(
    n: int,
    holdout: float | Literal["auto"],
    seed: int,
    groups: Tensor | None = None,
    alike: Tensor | None = None,
    *,
    paired: bool = False,
) -> Split:
    """Split items by the seed alone, so that a resume keeps out the same ones.

    Args:
        n: number of items.
        holdout: a share below 1, a number of items from 1 on, 0 = none, or `"auto"`: 5 %, at least 32 and at most
            2,048 items, and none where 32 would be more than a fifth of the set.
        seed: the run's seed.
        groups: int64 `(n,)`; items of one group (slices of one file, a mirror image) stay on one side, because a part
            of a trained item is no unseen item.
        alike: int64 `(n,)`; items of one number are the same, which is so for whole groups. What is held out is chosen
            as without it; then items that are the same as a held-out one are held out too, and where they are too many
            to spare, both are trained on.
        paired: whether items are targets of inputs: what is made of an input is judged beside its target, one by one,
            and not as a set, so that few will do.

    Raises:
        RecipeError: nothing would be left to train on.
    """
    everything = torch.arange(n)
    groups = everything if groups is None else groups.unique(return_inverse=True)[1]
    number = int(groups.max()) + 1 if n else 0
    wanted = _wanted(n, holdout)
    if holdout != "auto" and wanted and (wanted >= n or number < 2):
        raise RecipeError(
            f"data.holdout = {holdout} of {counted(n, 'item')} in {counted(number, 'group')}",
            "something left to train on",
            "type --set data.holdout=0",
        )
    kept_out = torch.zeros(n, dtype=torch.bool)
    if wanted:
        order = torch.randperm(number, generator=Draw(seed).generator("holdout"))
        sizes = torch.bincount(groups, minlength=number)[order]
        last = min(int(torch.searchsorted(sizes.cumsum(0), wanted)) + 1, number - 1)
        kept_out = torch.isin(groups, order[:last])
    if holdout == "auto" and int(kept_out.sum()) > LARGEST_SHARE * n:
        kept_out[:] = False  # a few large groups: any of them is too much to spare
    if alike is not None and kept_out.any():
        room = n - 1 if holdout != "auto" else int(LARGEST_SHARE * n)
        kept_out = _whole(kept_out, alike.unique(return_inverse=True)[1], room)
    split = Split(everything[~kept_out], everything[kept_out], "")
    return Split(split.train, split.held_out, _reason(n, len(split.held_out), holdout, paired))


def _whole(kept_out: Tensor, alike: Tensor, room: int) -> Tensor:
    """What is held out, with no item in it that is the same as a trained one.

    Args:
        kept_out: bool `(n,)`, as it was chosen.
        alike: int64 `(n,)` from 0 on, equal where items are the same.
        room: items that may be held out in all; never more than twice as many as were chosen.
    """
    inside, size = torch.bincount(alike[kept_out], minlength=int(alike.max()) + 1), torch.bincount(alike)
    torn = torch.nonzero((inside > 0) & (inside < size))[:, 0]
    torn = torn[size[torn].argsort(stable=True)]  # those of few items first
    chosen = int(kept_out.sum())
    fits = (size - inside)[torn].cumsum(0) <= min(2 * chosen, room) - chosen
    kept_out = kept_out | torch.isin(alike, torn[fits])
    return kept_out & ~torch.isin(alike, torn[~fits])


def _wanted(n: int, holdout: float | Literal["auto"]) -> int:
    if holdout == "auto":
        return 0 if n < FROM else min(max(round(SHARE * n), FEWEST), MOST)
    return round(n * holdout) if holdout < 1 else int(holdout)


def _reason(n: int, held_out: int, holdout: float | Literal["auto"], paired: bool) -> str:
    spared = "are of so few files, or so often the same, that none of these can be spared"
    if held_out:
        return (
            f"{held_out:,} of {n:,} items {'is' if held_out == 1 else 'are'} held out: "
            f"never trained on, the run is judged by them"
        )
    few = f"; multigan evaluate cannot judge the run: it needs {TO_EVALUATE} items or more"
    few = few if n < TO_EVALUATE and not paired else ""
    if holdout == "auto":
        why = f"{counted(n, 'item')} cannot spare {FEWEST} ({FROM} or more can)"
        if n >= FROM:
            why = f"the {counted(n, 'item')} {spared}"
        return f"nothing is held out: {why}; distances are to trained items{few}"
    why = f": the {counted(n, 'item')} {spared}" if _wanted(n, holdout) else ", as data.holdout asks"
    return f"nothing is held out{why}{few}"
