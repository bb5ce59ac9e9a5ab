"""The check for a view, or an augmentation."""

from dataclasses import replace

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Reshaping, Spec, View
from multigan.testing.rules import rule

__all__ = ["check_view"]


def check_view(view: View, real: Tensor, spec: Spec, name: str = "the view") -> None:
    """A view: shapes, one result per draw, each process sees its own rows, gradients that reach the samples.

    Args:
        view: `view(x, draw)`.
        real: samples in D's space `(batch, *spec.shape)`; twice the number that one call needs.
        spec: of the samples.
        name: for messages.
    """
    seen = view.spec(spec) if isinstance(view, Reshaping) else spec
    count = len(real) // view.samples if isinstance(view, Reshaping) else len(real)
    x = real.clone().requires_grad_(True)
    draw = Draw(0, progress=0.5)
    out = view(x, draw)
    rule(out.shape == (count, *seen.shape), f"{name} gives {tuple(out.shape)}", f"{(count, *seen.shape)}")
    rule(bool(torch.isfinite(out).all()), f"{name} gives numbers that are not finite", "finite numbers")
    rule(torch.equal(out, view(x, draw)), f"{name} differs between equal draws", "all randomness from the draw")
    halves = [view(half, replace(draw, rank=k, world_size=2)) for k, half in enumerate(real.chunk(2))]
    rule(torch.allclose(torch.cat(halves), out, rtol=0, atol=1e-6), f"{name} differs on two processes", "the same rows")
    gradient = torch.autograd.grad(out.square().sum(), x, allow_unused=True)[0] if out.requires_grad else None
    rule(gradient is not None, f"{name} has no gradient in the samples", "a view that G can learn through")
