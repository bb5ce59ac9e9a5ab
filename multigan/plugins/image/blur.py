"""Blur by kernels of many shapes, one for each picture, drawn from the seed and the number of the batch."""

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from multigan.core.draw import Draw

__all__ = ["RADIUS", "Mixture", "blurred", "kernels", "sincs"]

RADIUS = 10
"""Kernels have 21 × 21 pixels."""


class Mixture(NamedTuple):
    """Which kernels there are.

    Attributes:
        least: smallest deviation in pixels.
        most: largest one.
        oblong: share of kernels with two deviations, turned by an angle.
        generalised: share of kernels `exp(-d^β / 2)`, d the squared distance in deviations and β from .5 to 4.
        plateau: share of kernels `1 / (d^β + 1)` with β from 1 to 2.
        sinc: share of circular low-pass filters, which ring.
    """

    least: float
    most: float
    oblong: float = 0.0
    generalised: float = 0.0
    plateau: float = 0.0
    sinc: float = 0.0


def kernels(n: int, mixture: Mixture, draw: Draw) -> Tensor:
    """Kernels `(n, 21, 21)` that sum to 1.

    Source: Wang et al. 2021 (Real-ESRGAN), section 3.2 and their `data/degradations.py`.
    Departures: all are of one size where theirs are cut at 7 to 21 pixels.
    """
    one, other = (
        (mixture.least + (mixture.most - mixture.least) * draw.uniform(f"{name}-sigma", (n,))).view(-1, 1, 1)
        for name in ("one", "other")
    )
    other = torch.where(_chosen(n, mixture.oblong, "oblong", draw), other, one)
    angle = math.pi * draw.uniform("angle", (n,)).view(-1, 1, 1)
    y, x = (axis.to(one) for axis in _places())
    along = (x * angle.cos() + y * angle.sin()) / one
    across = (y * angle.cos() - x * angle.sin()) / other
    d = along.square() + across.square()
    share = draw.uniform("shape", (n,)).view(-1, 1, 1)
    power = draw.uniform("power", (n,)).view(-1, 1, 1)
    # Most powers lie below 1, where tails are long: halves of the draws for each side of it, as theirs.
    wide = torch.where(power < 0.5, 0.5 + power, 1 + 6 * (power - 0.5))
    found = torch.exp(-d / 2)
    found = torch.where(share < mixture.generalised, torch.exp(-d.pow(wide) / 2), found)
    flat = (share >= mixture.generalised) & (share < mixture.generalised + mixture.plateau)
    found = torch.where(flat, 1 / (d.pow(1 + power) + 1), found)
    found = found / found.sum((1, 2), keepdim=True)
    if not mixture.sinc:
        return found
    return torch.where(_chosen(n, mixture.sinc, "sinc", draw), sincs(n, draw), found)


def sincs(n: int, draw: Draw) -> Tensor:
    """Circular low-pass filters `(n, 21, 21)` of cut-offs from π/3 to π, which sum to 1.

    Source: Wang et al. 2021, Eq. 6: `ω J₁(ω r) / (2π r)`.
    """
    cut = (math.pi * (1 / 3 + 2 / 3 * draw.uniform("cut-off", (n,)))).view(-1, 1, 1)
    y, x = (axis.to(cut) for axis in _places())
    r = (x.square() + y.square()).sqrt()
    ring = cut * torch.special.bessel_j1(cut * r) / (2 * math.pi * r.clamp_min(0.5))
    found = torch.where(r == 0, cut.square() / (4 * math.pi), ring)
    return found / found.sum((1, 2), keepdim=True)


def blurred(x: Tensor, kernel: Tensor) -> Tensor:
    """Pictures `(batch, channels, height, width)`, each by its own kernel `(batch, 21, 21)`; ends are repeated."""
    n, channels = x.shape[:2]
    padded = F.pad(x, (RADIUS,) * 4, mode="replicate").flatten(0, 1)[None]
    weight = kernel.to(x).repeat_interleave(channels, 0)[:, None]
    made: Tensor = F.conv2d(padded, weight, groups=n * channels)[0]
    return made.view(x.shape)


def _chosen(n: int, share: float, purpose: str, draw: Draw) -> Tensor:
    return (draw.uniform(purpose, (n,)) < share).view(-1, 1, 1)


def _places() -> tuple[Tensor, Tensor]:
    places = torch.arange(-RADIUS, RADIUS + 1.0)
    return places[:, None], places
