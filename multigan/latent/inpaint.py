"""Filling holes: the known part decides z, the rest is G's; what was known stays exactly as it was."""

import torch
from torch import Tensor

from multigan.files.findings import Tick
from multigan.generator.generator import Generator
from multigan.latent.invert import Inversion, Search, invert

__all__ = ["composite", "inpaint", "linear_fill"]


def inpaint(
    generator: Generator,
    targets: Tensor,
    hole: Tensor,
    search: Search | None = None,
    label: str | None = None,
    tick: Tick | None = None,
) -> tuple[Tensor, Inversion]:
    """Fill the hole of every target.

    Args:
        generator: with a z.
        targets: `(n, *shape)`; what they hold inside the hole is not looked at.
        hole: bool `(*shape)`, True = to be filled.
        search: how long to look.
        label: class, where there are classes.
        tick: `tick(done, total)` after each step.

    Returns:
        `(n, *shape)`, equal to the targets outside the hole, and the inversion behind it.

    Source: semantic inpainting, Yeh et al. 2017, section 3: latent optimisation on the known part.
    Departures: no discriminator in the loss, and no Poisson blending: known elements are kept bit for bit.
    All known elements weigh alike, where the paper's weigh more near the hole.
    """
    known = (~hole).to(targets.dtype)
    found = invert(generator, torch.where(hole, 0.0, targets), search, label=label, known=known, tick=tick)
    return composite(targets, found.fake, hole), found


def composite(real: Tensor, fake: Tensor, hole: Tensor) -> Tensor:
    """`fake` inside the hole, `real` outside."""
    return torch.where(hole, fake, real)


def linear_fill(targets: Tensor, hole: Tensor) -> Tensor:
    """The trivial rival: straight lines across the hole along the last axis, between its two neighbours.

    At an end of the axis the one neighbour's value goes on; a line that is all hole becomes the mean of what is known.

    Args:
        targets: `(n, *shape)`.
        hole: bool `(*shape)`.
    """
    import numpy as np

    flat = targets.reshape(len(targets), -1, targets.shape[-1]).numpy().copy()
    holes = hole.reshape(-1, hole.shape[-1]).numpy()
    position = np.arange(flat.shape[-1])
    means = [float(row[~holes].mean()) for row in flat]
    for line, gap in enumerate(holes):
        if not gap.any():
            continue
        for number, mean in enumerate(means):
            values = flat[number, line]
            values[gap] = mean if gap.all() else np.interp(position[gap], position[~gap], values[~gap])
    return torch.from_numpy(flat).view(targets.shape)
