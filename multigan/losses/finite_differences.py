"""Gradient penalties without second derivatives: D's change along a random step stands for its gradient.

`E_ε ((D(x + σ ε) - D(x)) / σ)² = ||∇D(x)||² + O(σ²)` for ε ~ N(0, I), exactly so where D is linear. Halved, it is what
`r1` and `r2` are, so `weight` means the same. A single sample of it varies a lot: for a linear D its deviation is √2 of
its mean, so it needs a batch. It costs two forward passes and their backward, and works with compiled D too.
"""

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor
from torch.nn.utils import parametrize

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import DiscriminatorNet, as_critique

__all__ = ["exact", "in_full", "r1_fd", "r2_fd", "squared_slope", "total_logits"]


def r1_fd(
    D: DiscriminatorNet, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw, *, sigma: float = 0.01
) -> Tensor:
    """`(D(real + σ ε) - D(real))² / (2 σ²)`: `r1` in expectation, up to O(σ²).

    Args:
        D: the discriminator.
        real: `(batch, ...)`.
        fake: unused.
        cond: labels `(batch,)` or None.
        draw: ε, and randomness inside D, which is the same in both calls.
        sigma: the step, in units of D's space.

    Returns:
        `(batch,)`.

    Source: Lin et al. 2025 (Seaweed-APT), approximated R1.
    Departures: divided by 2 σ², so that `weight` is the gamma of R1 at any σ.
    """
    return 0.5 * squared_slope(D, real, cond, draw, sigma)


def r2_fd(
    D: DiscriminatorNet, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw, *, sigma: float = 0.01
) -> Tensor:
    """`(D(fake + σ ε) - D(fake))² / (2 σ²)`: `r2` in expectation, up to O(σ²).

    Args:
        D: the discriminator.
        real: unused.
        fake: `(batch, ...)`.
        cond: labels `(batch,)` or None.
        draw: ε, and randomness inside D, which is the same in both calls.
        sigma: the step, in units of D's space.

    Returns:
        `(batch,)`.

    Source: Lin et al. 2025 (Seaweed-APT), approximated R1, at the fakes.
    Departures: as in `r1_fd`.
    """
    return 0.5 * squared_slope(D, fake, cond, draw, sigma)


def squared_slope(D: DiscriminatorNet, x: Tensor, cond: Tensor | None, draw: Draw, sigma: float) -> Tensor:
    """`((D(x + σ ε) - D(x)) / σ)²` with one ε ~ N(0, I) per sample, outside autocast: `(batch,)`.

    Both calls see the same weights and the same randomness inside D.

    Raises:
        RecipeError: `sigma` is not positive.
    """
    if sigma <= 0:
        raise RecipeError(f"sigma = {sigma}", "a step above 0", "the default is 0.01")
    # Cached, so that a spectral norm does not take a step between the two calls: its tiny change would be divided by σ.
    with exact(x), parametrize.cached():
        x = in_full(x)
        moved = x + sigma * draw.normal("epsilon", tuple(x.shape)).to(x)
        change = total_logits(D, moved, cond, draw.child("D")) - total_logits(D, x, cond, draw.child("D"))
    return (change / sigma).square()


def exact(x: Tensor) -> AbstractContextManager[object]:
    """Outside autocast on the device of x; nothing at all where none is on: entering it takes 20 µs."""
    device = x.device.type
    return torch.autocast(device, enabled=False) if torch.is_autocast_enabled(device) else nullcontext()


def in_full(x: Tensor) -> Tensor:
    """x without its graph, in float32 at least."""
    return x.detach().to(torch.promote_types(x.dtype, torch.float32))


def total_logits(D: DiscriminatorNet, x: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
    """Every sample's logit, the mean over patches and the sum over heads: `(batch,)`."""
    heads = as_critique(D(x, cond, draw)).logits
    first, *others = (logits.flatten(1).mean(1) if logits.ndim > 1 else logits for logits in heads)
    return sum(others, first)
