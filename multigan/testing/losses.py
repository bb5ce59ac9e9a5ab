"""The check for a pair of adversarial losses."""

import torch
from torch import Tensor

from multigan.losses.adversarial import LossPair
from multigan.testing.rules import BATCH, rule

__all__ = ["check_loss"]


def check_loss(loss: LossPair) -> None:
    """A pair of losses: values per sample, finite at logits of ±50 with their gradients, patches, honest `needs_...`.

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
    if loss.needs_mean:
        _check_means(loss, other)


def _check_means(loss: LossPair, logits: Tensor) -> None:
    """Both halves look at the means they are given, and without them at those of the batch."""
    for name, half in (("d", loss.d), ("g", loss.g)):
        values = []
        for shift in (0.0, 1.0):
            try:
                values.append(half(logits, -logits, mean=lambda x, shift=shift: x.mean(0, keepdim=True) + shift))  # type: ignore[call-arg]
            except TypeError:
                rule(False, f"{loss.name}.{name} takes no mean, and needs_mean = True", "a keyword argument `mean`")
        rule(torch.allclose(values[0], half(logits, -logits)), f"{loss.name}.{name} has another mean", "the batch's")
        rule(not torch.equal(*values), f"{loss.name}.{name} ignores the mean it is given", "its use")
