"""Mode coverage of samples from a known mixture of Gaussians."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from multigan.core.errors import ShapeError
from multigan.metrics.histogram import reverse_kl

__all__ = ["CEILING_2D", "Coverage", "mode_coverage", "reverse_kl_floor"]

CEILING_2D = 1 - math.exp(-4.5)
"""Share of a 2-D Gaussian within three standard deviations: no honest sampler is above 98.889 %; 100 % means that modes
have shrunk."""


@dataclass(frozen=True)
class Coverage:
    """How well samples cover a mixture.

    Attributes:
        modes: modes with at least one high-quality sample.
        total: modes of the mixture.
        high_quality: share of samples within three standard deviations of a mode.
        reverse_kl: KL(histogram of samples over modes || uniform), nats; of the high-quality samples.
    """

    modes: int
    total: int
    high_quality: float
    reverse_kl: float


def mode_coverage(samples: Tensor, centres: Tensor, deviation: float) -> Coverage:
    """Count modes, high-quality samples and the imbalance between modes.

    Args:
        samples: `(n, dim)`.
        centres: `(modes, dim)` of equally likely Gaussians.
        deviation: their standard deviation.

    Raises:
        ShapeError: dimensions differ.

    Source: Srivastava et al. 2017 (VEEGAN), synthetic data; reverse KL: Lin et al. 2018 (PacGAN), the same.
    """
    if samples.ndim != 2 or samples.shape[1] != centres.shape[1]:
        raise ShapeError(
            f"samples {tuple(samples.shape)}", f"(n, {centres.shape[1]})", "give points like the mixture's"
        )
    distance, nearest = torch.cdist(samples.double(), centres.double()).min(1)
    good = distance <= 3 * deviation
    counts = torch.bincount(nearest[good], minlength=len(centres))
    return Coverage(int((counts > 0).sum()), len(centres), good.double().mean().item(), reverse_kl(counts))


def reverse_kl_floor(n: int, modes: int) -> float:
    """Expected reverse KL of n exact samples: `(modes - 1) / (2 n)`, the bias of a plug-in entropy (Miller 1955).

    For n much larger than modes only; `histogram.simulated_floor` holds for every n.
    """
    return (modes - 1) / (2 * n)
