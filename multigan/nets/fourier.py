"""A D for vectors that sees fine detail: waves of many lengths in place of the coordinates alone."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

__all__ = ["FourierD"]

WAVES = 64
LONGEST, SHORTEST = 0.5, 8.0
"""Typical angular frequencies, per unit of D's space, in which vectors have a spread of about 1."""


class FourierD(nn.Module):
    """x `(batch, dim)` -> logits `(batch,)`: sines and cosines along random directions, then leaky ReLUs.

    A perceptron of the coordinates learns coarse shapes first and fine ones hardly at all, and densities of a generator
    are fine: folds, ridges, bridges.

    Args:
        dim: numbers in x.
        width: of the hidden layers.
        layers: hidden layers.

    Source: Tancik et al. 2020, section 5 (random Fourier features).
    Departures: frequencies of all scales at once, log-uniform, in place of one that is tuned.
    """

    waves: Tensor

    def __init__(self, dim: int, width: int = 128, layers: int = 3) -> None:
        super().__init__()
        scale = torch.exp(torch.linspace(math.log(LONGEST), math.log(SHORTEST), WAVES))
        self.register_buffer("waves", torch.randn(dim, WAVES) * scale / math.sqrt(max(1, dim / 2)))
        sizes = [dim + 2 * WAVES] + [width] * layers
        blocks = [(nn.Linear(a, b), nn.LeakyReLU(0.1)) for a, b in pairwise(sizes)]
        self.body = nn.Sequential(*(layer for block in blocks for layer in block), nn.Linear(sizes[-1], 1))

    def forward(self, x: Tensor) -> Tensor:
        """x `(batch, dim)` -> logits `(batch,)`."""
        angles = x @ self.waves
        logits: Tensor = self.body(torch.cat([x, angles.sin(), angles.cos()], 1))
        return logits[:, 0]
