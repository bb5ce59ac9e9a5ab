"""A hole filled as a soap film would: by what lies around it, smoothly, and by nothing that was learnt."""

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["membrane"]

RELAXATIONS = 16
"""Steps towards the mean of the four neighbours after the pyramid; 400 more bring a tenth of a decibel."""


def membrane(known: Tensor, hole: Tensor, levels: int) -> Tensor:
    """Pictures whose holes are filled from their rims.

    A pyramid of weighted means is built upwards, and what is unknown at a size is taken from the next smaller one
    (pull-push: Gortler et al. 1996, The lumigraph, section 3.4.3); then Jacobi's steps of Laplace's equation inside the
    hole, u(p) = the mean of u at the four neighbours. Departures: means of 2 × 2 pixels, and bilinear enlargement.

    Args:
        known: `(batch, channels, height, width)`; what it holds inside the hole does not matter.
        hole: `(batch, 1, height, width)`, 1 where pixels are missing and 0 elsewhere.
        levels: halvings; above them what is unknown is the mean of all that is known, or 0 where nothing is.

    Returns:
        `(batch, channels, height, width)`, equal to `known` bit for bit outside the hole.
    """
    height, width = known.shape[2:]
    pad = (0, -width % 2**levels, 0, -height % 2**levels)
    weight = F.pad(1 - hole, pad)
    values = F.pad(known * (1 - hole), pad)
    steps = []
    for _ in range(levels):
        steps.append((values, weight))
        summed, count = (4 * F.avg_pool2d(x, 2) for x in (values, weight))
        share = count.clamp_max(1)
        values, weight = summed / count.clamp_min(1e-6) * share, share
    total = weight.sum((2, 3), keepdim=True)
    filled = values + (1 - weight) * values.sum((2, 3), keepdim=True) / total.clamp_min(1e-6)
    for values, weight in reversed(steps):
        larger = F.interpolate(filled, scale_factor=2.0, mode="bilinear", align_corners=False)
        filled = values + (1 - weight) * larger
    return _relaxed(torch.where(hole > 0.5, filled[:, :, :height, :width], known), hole)


def _relaxed(x: Tensor, hole: Tensor) -> Tensor:
    """Every pixel of the hole becomes the mean of its neighbours, again and again."""
    for _ in range(RELAXATIONS):
        wide = F.pad(x, (1, 1, 1, 1), mode="replicate")
        rows = wide[:, :, :-2, 1:-1] + wide[:, :, 2:, 1:-1]
        columns = wide[:, :, 1:-1, :-2] + wide[:, :, 1:-1, 2:]
        x = torch.where(hole > 0.5, (rows + columns) / 4, x)
    return x
