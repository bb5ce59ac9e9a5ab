"""The check for a pair of adversarial losses."""

import torch

from multigan.losses.adversarial import AdversarialLoss
from multigan.testing.rules import BATCH, rule

__all__ = ["check_loss"]


def check_loss(loss: AdversarialLoss) -> None:
    """A pair of losses: per-sample values, finite values and gradients at logits of ±50, patches, honest `needs_real`.

    Args:
        loss: the pair.
    """
    for shape in ((BATCH,), (BATCH, 3, 2)):
        real = torch.linspace(-50, 50, BATCH * (6 if len(shape) > 1 else 1)).view(shape).requires_grad_(True)
        fake = real.detach().flip(0).clone().requires_grad_(True)
        for name, values in (("d", loss.d(real, fake)), ("g", loss.g(fake, real))):
            rule(values.shape == (BATCH,), f"{loss.name}.{name} returns {tuple(values.shape)}", f"({BATCH},)")
            rule(
                bool(torch.isfinite(values).all()), f"{loss.name}.{name} is not finite at logits of 50", "finite values"
            )
            (gradient,) = torch.autograd.grad(values.sum(), fake, retain_graph=True)
            rule(bool(torch.isfinite(gradient).all()), f"{loss.name}.{name} has no finite gradient", "finite gradients")
    other = torch.randn(BATCH, generator=torch.Generator().manual_seed(1))
    zeros = torch.zeros(BATCH)
    looks = not torch.equal(loss.g(zeros, zeros), loss.g(zeros, other))
    rule(looks == loss.needs_real, f"{loss.name}.needs_real = {loss.needs_real}", f"{looks}")
