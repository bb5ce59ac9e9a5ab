"""Gradient penalties of D: per-sample values, differentiable, always in full precision.

A penalty gets `(D, real, fake, cond, draw)`; D is called as `D(x, cond, draw)`. The recipe's `weight` is the papers'
gamma (R1, R2) or lambda (gradient penalty).
"""

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.core.types import DiscriminatorNet
from multigan.losses.finite_differences import exact, in_full, total_logits

__all__ = ["dragan", "gradient_penalty", "input_gradient", "r1", "r2"]


def r1(D: DiscriminatorNet, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
    """`||∇ D(real)||² / 2`, zero-centred at the data.

    Args:
        D: the discriminator.
        real: `(batch, ...)`.
        fake: unused.
        cond: labels `(batch,)` or None.
        draw: randomness inside D.

    Returns:
        `(batch,)`.

    Source: Mescheder et al. 2018, Eq. 9.
    """
    return 0.5 * _squared_norm(input_gradient(D, real, cond, draw))


def r2(D: DiscriminatorNet, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
    """`||∇ D(fake)||² / 2`, zero-centred at the fakes.

    Args:
        D: the discriminator.
        real: unused.
        fake: `(batch, ...)`.
        cond: labels `(batch,)` or None.
        draw: randomness inside D.

    Returns:
        `(batch,)`.

    Source: Mescheder et al. 2018, Eq. 10.
    """
    return 0.5 * _squared_norm(input_gradient(D, fake, cond, draw))


def gradient_penalty(
    D: DiscriminatorNet, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw, *, centre: float = 1.0
) -> Tensor:
    """`(||∇ D(x̂)|| - centre)²` at x̂ = ε real + (1-ε) fake, with one ε ~ U(0,1) per sample.

    Args:
        D: the discriminator.
        real: `(batch, ...)`.
        fake: `(batch, ...)`.
        cond: labels `(batch,)` or None.
        draw: the interpolation points, and randomness inside D.
        centre: 1 for WGAN-GP, 0 for the zero-centred variant.

    Returns:
        `(batch,)`.

    Source: Gulrajani et al. 2017, Eq. 3 and Algorithm 1; centre 0: Thanh-Tung et al. 2019.
    Departures: 1e-12 under the root, so that the gradient is finite where D is flat.
    """
    epsilon = draw.uniform("epsilon", (len(real),)).to(real).view(-1, *[1] * (real.ndim - 1))
    mixed = epsilon * real.detach() + (1 - epsilon) * fake.detach()
    return _off_centre(input_gradient(D, mixed, cond, draw), centre)


def dragan(
    D: DiscriminatorNet,
    real: Tensor,
    fake: Tensor,
    cond: Tensor | None,
    draw: Draw,
    *,
    deviation: float = 0.5,
    centre: float = 1.0,
) -> Tensor:
    """`(||∇ D(real + δ)|| - centre)²` with δ ~ N(0, deviation²) per element: slopes near the data only.

    Args:
        D: the discriminator.
        real: `(batch, ...)`.
        fake: unused.
        cond: labels `(batch,)` or None.
        draw: δ, and randomness inside D.
        deviation: of δ, in units of D's space.
        centre: the paper's k.

    Returns:
        `(batch,)`.

    Source: Kodali et al. 2017 (DRAGAN), the penalty, with λ = 10 (`weight`) and k = 1.
    Departures: the deviation is a number instead of a share of the batch's own, so that samples do not depend on their
    batch; 1e-12 under the root.
    """
    moved = real.detach() + deviation * draw.normal("delta", tuple(real.shape)).to(real)
    return _off_centre(input_gradient(D, moved, cond, draw), centre)


def input_gradient(D: DiscriminatorNet, x: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
    """The gradient of every sample's logit (mean over patches, sum over heads) in x, itself differentiable.

    Args:
        D: the discriminator; of one that `torch.compile` wraps, the eager module inside is asked.
        x: `(batch, ...)`; detached here.
        cond: labels `(batch,)` or None.
        draw: randomness inside D.

    Returns:
        Like x, at least float32.

    Raises:
        ShapeError: the gradient has lost its graph, so the penalty would silently do nothing.
    """
    D = getattr(D, "_orig_mod", D)  # a compiled net cannot be differentiated twice: ask the one inside it
    with exact(x), torch.enable_grad():
        x = in_full(x).requires_grad_(True)
        total = total_logits(D, x, cond, draw).sum()
        (gradient,) = torch.autograd.grad(total, x, create_graph=True, materialize_grads=True)
    if not gradient.requires_grad and any(p.requires_grad for p in _parameters(D)):
        raise ShapeError(
            "D's input gradient has no graph",
            "a gradient that can be differentiated",
            "pass the eager D, not a compiled one",
        )
    return gradient


def _parameters(D: DiscriminatorNet) -> list[Tensor]:
    return list(D.parameters()) if isinstance(D, torch.nn.Module) else []


def _off_centre(gradient: Tensor, centre: float) -> Tensor:
    return ((_squared_norm(gradient) + 1e-12).sqrt() - centre).square()


def _squared_norm(gradient: Tensor) -> Tensor:
    return gradient.square().flatten(1).sum(1)
