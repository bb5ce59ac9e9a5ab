"""Scores of pictures that need no pretrained net."""

import torch
from torch import Tensor

from multigan.plugins.image.features import random_conv_features

__all__ = ["scores", "sliced_wasserstein", "spread"]

DIRECTIONS = 256


def scores(real: Tensor, fake: Tensor) -> dict[str, float]:
    """`sliced_wasserstein` and `spread_ratio` of fakes against reals, both `(n, c, h, w)` in [-1, 1]."""
    return {
        "sliced_wasserstein": sliced_wasserstein(real.flatten(1), fake.flatten(1)),
        "spread_ratio": spread(fake) / max(spread(real), 1e-12),
    }


def sliced_wasserstein(real: Tensor, fake: Tensor, directions: int = DIRECTIONS) -> float:
    """Mean over random directions of the 1-Wasserstein distance of the projections.

    Args:
        real: `(n, dim)`.
        fake: `(m, dim)`; the larger set is cut to the smaller.
        directions: number of directions, from a fixed seed.

    Source: Rabin et al. 2011; Bonneel et al. 2015 (sliced Wasserstein distance).
    Departures: W1 in place of the square of W2.
    """
    n = min(len(real), len(fake))
    theta = torch.randn(real.shape[1], directions, generator=torch.Generator().manual_seed(0)).to(real)
    theta = theta / theta.norm(dim=0)
    left, right = (real[:n] @ theta).sort(0).values, (fake[:n] @ theta).sort(0).values
    return float((left - right).abs().mean())


def spread(x: Tensor) -> float:
    """Mean distance between pairs of pictures `(n, c, h, w)` in random convolutional features; 0 = all the same.

    Source: mean pairwise distance as a sign of collapse: Srivastava et al. 2017; features as in `features.py`.
    """
    return float(torch.pdist(random_conv_features(x)).mean())
