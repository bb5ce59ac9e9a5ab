"""A game for one: G is frozen and z is the player, who looks for what comes nearest to given samples."""

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Batch, Critique, Latent, Loss
from multigan.games.adversarial import Term

__all__ = ["LatentGame", "Latents"]


class Latents(nn.Module):
    """Latents as parameters: `z` `(n, *shape)`."""

    def __init__(self, z: Tensor) -> None:
        super().__init__()
        self.z = nn.Parameter(z.clone())


class LatentGame:
    """Descend `sum over terms of weight * term(real_i, G(z_i))` in z.

    The player is called "G", because the engine keeps an average of the player of that name. There is one real sample
    of the stream's, the stack of all targets `(1, n, *shape)`: every turn sees all of them in their order.

    Args:
        G: generator, not trained.
        z: `(n, *latent.shape)`, where to start.
        terms: what "near" means, `(D, real, fake, cond, draw) -> (n,)` as matching terms.
        cond: labels `(n,)` of the targets, or None.
        mask: `(n, *shape)` or `(*shape)`, 1 where the target is known; None = everywhere.
        noise: the draw for what G draws besides z; the same at every turn.

    Source: latent optimisation: Zhu et al. 2016 (projection onto the manifold); Bojanowski et al. 2018.
    Departures: uniform z is kept in its box, and normal z within a length of sqrt(nz) + 2, beyond which no noise lies.
    """

    def __init__(
        self,
        G: nn.Module,
        z: Tensor,
        *,
        terms: Sequence[Term],
        cond: Tensor | None = None,
        mask: Tensor | None = None,
        noise: Draw | None = None,
    ) -> None:
        self.G, self.terms, self.cond, self.mask = G, tuple(terms), cond, mask
        self.noise = noise or Draw(0, 0, "latent/")
        self.latents = Latents(z)
        self.players: Mapping[str, nn.Module] = {"G": self.latents}
        self.turns: Mapping[str, tuple[str, Callable[[Batch, Draw], Loss]]] = {"g": ("G", self.g_loss)}

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """The sum over samples: each z descends on its own."""
        values = self.values(batch.real[0], self.fake(batch, draw), draw)
        named = {f"matching/{name}": value.mean().detach() for name, value in values.items()}
        total = torch.stack(list(values.values())).sum(0)
        return Loss(total.sum(), {"loss/G": total.mean().detach(), **named})

    def values(self, real: Tensor, fake: Tensor, draw: Draw) -> dict[str, Tensor]:
        """Every term, weighted, per sample `(n,)`."""
        if self.mask is not None:
            real, fake = real * self.mask, fake * self.mask
        return {
            term.name: term.weight * term.function(None, real, fake, self.cond, draw.child(term.name))
            for term in self.terms
        }

    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """G of every z: `(n, *shape)`."""
        made: Tensor = self.G(self.latents.z, self.cond, self.noise)
        return made

    def judge(self, x: Tensor, cond: Tensor | None, draw: Draw) -> Critique:
        """Nobody judges here: zeros."""
        return Critique((x.new_zeros(len(x)),))

    @torch.no_grad()
    def after(self, player: str) -> None:
        """Keep z where noise lies."""
        latent: Latent = self.G.latent  # type: ignore[assignment]
        z = self.latents.z
        if latent.kind == "uniform":
            z.clamp_(-1, 1)
            return
        longest = math.sqrt(z[0].numel()) + 2
        length = z.flatten(1).norm(dim=1).clamp_min(longest) / longest
        z.div_(length.view(-1, *[1] * (z.ndim - 1)))
