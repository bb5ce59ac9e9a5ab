"""The game of one player: a critic that learns a generator which does not move."""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.generators import draw_fakes
from multigan.core.types import Batch, Critique, Loss
from multigan.generator.critic import logits_of, noisy
from multigan.judge.training import handling_of

__all__ = ["CriticGame"]


class CriticGame:
    """Logistic regression of reals against fakes of a frozen generator.

    Reals and fakes go through the critic together, so that batch norm sees at work what it sees while learning.
    Pictures are moved by a pixel or two and get faint noise, both sides alike: few reals are not learnt by heart so
    soon.

    Args:
        G: the generator, in evaluation mode.
        critic: a D, or a judge.
        join: what the critic sees of a sample and the input that it was made of; None = the sample alone.

    Source: Goodfellow et al. 2014, Proposition 1: the best D's logit is the log density ratio; noise-contrastive
    training of it against a frozen generator: Deng et al. 2020, Eq. 3.
    """

    kept: tuple[str, ...] = ("critic",)
    uncounted: tuple[str, ...] = ()

    def __init__(self, G: nn.Module, critic: nn.Module, join: Callable[[Tensor, Tensor], Tensor] | None = None) -> None:
        self.G, self.critic, self.join = G, critic, join
        self.players: Mapping[str, nn.Module] = {"critic": critic}
        self.turns: Mapping[str, tuple[str, Callable[[Batch, Draw], Loss]]] = {"refine": ("critic", self.loss)}

    def round(self, n_critic: int) -> tuple[str, ...]:
        """The one turn."""
        return ("refine",)

    def loss(self, batch: Batch, draw: Draw) -> Loss:
        """Mean logistic loss over a batch of reals and as many fakes."""
        both = [batch.real, self.fake(batch, draw)]
        if self.join is not None and batch.source is not None:
            both = [self.join(one, batch.source) for one in both]
        x = self.seen(torch.cat(both), draw)
        cond = None if batch.cond is None else torch.cat([batch.cond, batch.cond])
        real, fake = logits_of(self.critic, x, cond, draw.child("critic")).chunk(2)
        loss = (F.softplus(-real).mean() + F.softplus(fake).mean()) / 2
        return Loss(loss, {"loss/critic": loss.detach()})

    @torch.no_grad()
    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """As many fakes as the batch has reals, with its labels: `(batch, *shape)`."""
        return draw_fakes(self.G, len(batch.real), draw, batch.cond, batch.source, besides=draw.child("G")).float()

    def judge(self, x: Tensor, batch: Batch, draw: Draw) -> Critique:
        """The critic's critique of x `(batch, *shape)`."""
        seen = x if self.join is None or batch.source is None else self.join(x, batch.source)
        return Critique((logits_of(self.critic, noisy(seen, draw), batch.cond, draw),))

    def after(self, player: str) -> None:
        """Nothing constrains it."""

    def seen(self, x: Tensor, draw: Draw) -> Tensor:
        """What it learns from: pictures moved and with noise, all else as it is."""
        if x.ndim != 4:
            return x
        return noisy(handling_of(tuple(x.shape[1:])).moved(x, draw.generator("moved")), draw.child("noise"))
