"""Inputs that belong to no target: a set of their own, from which each batch draws."""

from dataclasses import replace

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.types import Data, Modality
from multigan.engine.holdout import Split
from multigan.inputs.beside import files_of

__all__ = ["Other", "side_by_side"]


class Other:
    """Inputs from another set, drawn by the seed and the batch's number: exact resume, and N processes equal one.

    Targets that are held out are given inputs that are held out too, one after the other in their order: those who
    watch, and the rows of a report, see no input twice while there is another. All other targets draw trained ones.

    Args:
        other: the inputs.
        modality: theirs.
        split: which of the inputs are held out; where none are, held-out targets get trained ones.
        unseen: bool `(n,)`, which targets are held out.
    """

    aligned = False

    def __init__(self, other: Data, modality: Modality, split: Split, unseen: Tensor) -> None:
        self.other, self.modality, self.spec, self.unseen = other, modality, other.spec, unseen
        self.rank = unseen.long().cumsum(0) - 1
        self.train = split.train
        self.held_out = split.held_out if len(split.held_out) else split.train
        self.resident: bool = getattr(other.items, "resident", False)

    def rows(self, indices: Tensor, draw: Draw) -> Tensor:
        """Which inputs the targets `indices` get, int64 `(batch,)`."""
        steps = draw.integers("other", 0, len(self.train) * len(self.held_out), (len(indices),)) + indices
        trained = self.train[steps.remainder(len(self.train))]
        unseen = self.held_out[self.rank[indices].remainder(len(self.held_out))]
        return torch.where(self.unseen[indices], unseen, trained)

    def take(self, indices: Tensor, draw: Draw) -> Tensor:
        """Raw inputs for the targets `indices`."""
        return self.other.items.take(self.rows(indices, draw), draw.child("other"))

    def make(self, real: Tensor, raw: Tensor | None, draw: Draw) -> Tensor:
        """Inputs in the space of G."""
        if raw is None:
            raise ValueError("inputs of another set are read, not made")
        return self.modality.to_real(raw, self.spec)


def side_by_side(target: Data, other: Data, modality: Modality, splits: tuple[Split, Split]) -> Data:
    """The targets, given inputs of another set.

    Args:
        target: what G is to make samples of.
        other: the inputs.
        modality: of both.
        splits: which targets and which inputs are held out.
    """
    unseen = torch.zeros(len(target.items), dtype=torch.bool)
    unseen[splits[0].held_out] = True
    inputs = Other(other, modality, splits[1], unseen)
    told = f"{counted(len(other.items), 'input')} and {counted(len(target.items), 'target')}, no pairs"
    kept_out = len(splits[1].held_out)
    more = [f"{kept_out:,} of the inputs are held out too"] if kept_out else []
    report = (*target.report, *(line for line in other.report if line not in target.report), told, *more)
    files, root = files_of(target, other)
    return replace(target, report=report, files=files, root=root, inputs=inputs)
