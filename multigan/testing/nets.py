"""The check for a pair of nets."""

import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.generators import Encoding, latent_of
from multigan.core.types import as_critique
from multigan.testing.rules import rule

__all__ = ["check_nets"]


def check_nets(G: nn.Module, D: nn.Module, shape: tuple[int, ...], classes: int = 0) -> None:
    """A pair of nets: shapes, one value of noise per draw, gradients that reach all parameters, batches of one.

    Args:
        G: has `latent`.
        D: returns logits or a `Critique`.
        shape: of one sample.
        classes: number of classes; 0 = unconditional.
    """
    for batch in (1, 3):
        cond = torch.arange(batch) % classes if classes else None
        z = latent_of(G).sample(batch, Draw(0))
        fake = G(z, cond, Draw(1))
        rule(
            fake.shape == (batch, *shape), f"G returns {tuple(fake.shape)}", f"({batch}, {', '.join(map(str, shape))})"
        )
        rule(bool(torch.isfinite(fake).all()), "G returns numbers that are not finite", "finite samples")
        rule(torch.equal(fake, G(z, cond, Draw(1))), "G differs between equal draws", "all randomness from the draw")
        for logits in as_critique(D(fake, cond, Draw(2))).logits:
            rule(logits.shape[0] == batch, f"D returns {tuple(logits.shape)}", f"({batch}, *patch)")
    total = torch.stack([logits.square().sum() for logits in as_critique(D(fake, cond, Draw(2))).logits]).sum()
    if isinstance(G, Encoding):  # its encoder is asked for codes, not for samples
        code, spread = G.encode(fake.detach(), cond)
        total = total + G.decode(code, cond).square().sum() + spread.square().sum() + G.surprise(code, cond).sum()
    total.backward()
    for name, net in (("G", G), ("D", D)):
        dead = [key for key, parameter in net.named_parameters() if parameter.requires_grad and parameter.grad is None]
        rule(not dead, f"no gradient reaches {name}.{', '.join(dead[:3])}", "gradients for every parameter")
