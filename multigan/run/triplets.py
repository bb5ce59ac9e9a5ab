"""Rows of input, output and target: what a generator that is given an input makes of items it was not trained on.

Without pairs there is no target: the third is then what the way back makes of the output, where there is one.
"""

from typing import Any

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.generators import draw_fakes
from multigan.engine.batches import Batches
from multigan.nets.both_ways import BothWays

__all__ = ["ROWS", "columns", "made_of", "triplets"]

ROWS = 12
"""In a square sheet these are six rows of two triplets."""
CHUNK = 32


def columns(batches: Batches, net: nn.Module) -> str:
    """What stands from left to right in a row of `triplets`, in words."""
    if batches.data.inputs is None or batches.data.inputs.aligned:
        return "input, output, target"
    return "input, output, what comes back of it" if isinstance(net, BothWays) else "input, output"


@torch.no_grad()
def triplets(batches: Batches, net: nn.Module) -> list[Any]:
    """Rendered samples, three for each of up to 12 items: its input, the net's output, the target (or what comes back).

    The same items at every call: spread evenly over the held-out ones, or over the trained ones where none are held
    out; what is degraded is degraded alike.

    Args:
        batches: of data with inputs.
        net: a translator in evaluation mode.
    """
    split, inputs = batches.split, batches.data.inputs
    items = split.held_out if len(split.held_out) else split.train
    places = torch.linspace(0, len(items) - 1, min(ROWS, len(items)), dtype=torch.float64).round().long()
    batch = batches.pick(items[places])
    draw = Draw(batches.seed, 0, "triplets/", device=str(batches.device))
    fakes = draw_fakes(net, len(places), draw, batch.cond, batch.source)
    modality, spec = batches.modality, batches.data.spec
    if inputs is None or batch.source is None:
        return modality.render(fakes.float().cpu(), spec)
    given, made = modality.render(batch.source.cpu(), inputs.spec), modality.render(fakes.float().cpu(), spec)
    parts = [given, made]
    if inputs.aligned:
        parts.append(modality.render(batch.real.float().cpu(), spec))
    elif isinstance(net, BothWays):
        again = draw_fakes(net.back, len(places), draw.child("back"), None, fakes)
        parts.append(modality.render(again.float().cpu(), inputs.spec))
    return [one for row in zip(*parts, strict=True) for one in row]


@torch.no_grad()
def made_of(net: nn.Module, source: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
    """Outputs `(n, *shape)` in D's space, on the CPU, for inputs `(n, ...)`, in parts.

    Args:
        net: a translator in evaluation mode.
        source: inputs.
        cond: labels `(n,)`, or None.
        draw: of what it draws; each part has its own.
    """
    made = []
    for start in range(0, len(source), CHUNK):
        part = slice(start, start + CHUNK)
        labels = None if cond is None else cond[part]
        made.append(draw_fakes(net, len(source[part]), draw.child(f"part-{start}"), labels, source[part]).float().cpu())
    return torch.cat(made)
