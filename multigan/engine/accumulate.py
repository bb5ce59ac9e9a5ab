"""Gradient accumulation: a turn in micro-batches that take the step of the whole batch in a part of its memory.

Micro-batch j of k on process r of n draws as process `r * k + j` of `n * k`: the same rows of the same numbers. So the
sum of the micro-batches' gradients over k is the whole batch's gradient wherever a loss is a mean of per-sample values.

Not so where a net or a term looks at its batch as a whole (BatchNorm, `relativistic-average`, feature matching,
`top-k`, groups of `minibatch_std` that do not divide the micro-batch): these look at one micro-batch. The losses among
them look at that micro-batch of every process. Spectral normalisation iterates once per forward pass: k times as often.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Batch

__all__ = ["mean_parts", "refuse_uneven", "split"]


def split(batch: Batch, draw: Draw, parts: int) -> Iterator[tuple[Batch, Draw]]:
    """The micro-batches of this process's share, each with the draw that gives it its own rows.

    Args:
        batch: this process's share; its length is a multiple of `parts`.
        draw: the turn's.
        parts: number of micro-batches.
    """
    if parts == 1:
        yield batch, draw
        return
    size = len(batch.real) // parts
    for number in range(parts):
        rows = slice(number * size, (number + 1) * size)
        cond, source = (None if value is None else value[rows] for value in batch[1:])
        micro = Batch(batch.real[rows], cond, source)
        yield micro, replace(draw, rank=draw.rank * parts + number, world_size=draw.world_size * parts)


def mean_parts(parts: Sequence[Mapping[str, Tensor]]) -> Mapping[str, Tensor]:
    """The mean over micro-batches of equally named scalars."""
    if len(parts) == 1:
        return parts[0]
    return {name: torch.stack([part[name] for part in parts]).mean() for name in parts[0]}


def refuse_uneven(batch: int, processes: int, parts: int) -> None:
    """Micro-batches must be of equal size.

    Raises:
        RecipeError: they would not be; the next batch that divides is suggested.
    """
    whole = processes * parts
    if batch % whole:
        raise RecipeError(
            f"train.batch = {batch} does not divide into {counted(parts, 'micro-batch', 'micro-batches')} "
            f"on {counted(processes, 'process', 'processes')}",
            f"a multiple of {whole}",
            f"type --set train.batch={-(-batch // whole) * whole}",
        )
