"""The default game: any D against any G, with one loss pair and a list of terms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from multigan.draw import Draw
from multigan.types import Batch, Critique, Loss, Objective, as_critique

__all__ = ["AdversarialGame", "LossPair", "Term"]


@runtime_checkable
class LossPair(Protocol):
    """A named pair of pure functions on logits that return per-sample values `(batch,)`."""

    needs_real: bool

    @property
    def d(self) -> Callable[..., Tensor]:
        """D's loss: `d(real_logits, fake_logits, smoothing=0.0)`."""
        ...

    @property
    def g(self) -> Callable[..., Tensor]:
        """G's loss: `g(fake_logits, real_logits)`."""
        ...


@dataclass(frozen=True)
class Term:
    """A penalty or a matching loss that is added to a player's loss.

    Args:
        name: as in the registry; its value is logged as `penalty/NAME`.
        function: `(D, real, fake, cond, draw) -> (batch,)`.
        weight: factor on the mean over the batch.
        every: computed on every so many iterations and then scaled by as much (lazy regularisation, Karras et al.
            2020, section 3.1), so that the weight means the same at any interval.
    """

    name: str
    function: Callable[..., Tensor]
    weight: float = 1.0
    every: int = 1

    def due(self, draw: Draw) -> bool:
        """Whether this iteration computes the term."""
        return draw.step % self.every == 0


class AdversarialGame:
    """Two players, one loss pair (Goodfellow et al. 2014, section 3), any number of terms.

    Args:
        G: generator, `G(z, cond, draw) -> fake`.
        D: discriminator, `D(x, cond, draw) -> logits | Critique`; several heads count equally.
        loss: the pair of losses on logits.
        penalties: terms of D.
        matching: terms of G.
        constraints: applied to D after each of its updates (weight clipping).
        objectives: further turns of G alone by name (`"mle"`).
        label_smoothing: one-sided, handed to the loss (Salimans et al. 2016, section 3.4).
    """

    def __init__(  # noqa: PLR0913  (the parts of a game; each is optional but the first three)
        self,
        G: nn.Module,
        D: nn.Module,
        *,
        loss: LossPair,
        penalties: Sequence[Term] = (),
        matching: Sequence[Term] = (),
        constraints: Sequence[Callable[[nn.Module], object]] = (),
        objectives: Mapping[str, Objective] | None = None,
        label_smoothing: float = 0.0,
    ) -> None:
        self.G, self.D, self.loss = G, D, loss
        self.penalties, self.matching, self.constraints = tuple(penalties), tuple(matching), tuple(constraints)
        self.smoothing: dict[str, Any] = {"smoothing": label_smoothing} if label_smoothing else {}
        self.players: dict[str, nn.Module] = {"G": G, "D": D}
        self.turns: dict[str, tuple[str, Callable[[Batch, Draw], Loss]]] = {
            "d": ("D", self.d_loss),
            "g": ("G", self.g_loss),
            **{
                name: ("G", partial(self.objective_loss, name, function))
                for name, function in (objectives or {}).items()
            },
        }

    def d_loss(self, batch: Batch, draw: Draw) -> Loss:
        """D's loss on a real batch and as many fakes, plus its penalties."""
        with torch.no_grad():
            fake = self.fake(batch, draw)
        real_critique = self.judge(batch.real, batch.cond, draw.child("real"))
        fake_critique = self.judge(fake, batch.cond, draw.child("fake"))
        pairs = zip(real_critique.logits, fake_critique.logits, strict=True)
        loss = torch.stack([self.loss.d(real, fake, **self.smoothing).mean() for real, fake in pairs]).mean()
        parts = {
            "loss/D": loss,
            "logits/real": _mean_logit(real_critique),
            "logits/fake": _mean_logit(fake_critique),
        }
        return self._with_terms(loss, parts, self.penalties, (batch.real, fake, batch.cond, draw))

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """G's loss on fresh fakes; relativistic pairs also look at fresh reals."""
        fake = self.fake(batch, draw)
        fake_critique = self.judge(fake, batch.cond, draw.child("fake"))
        reals = self._reals(batch, draw, fake_critique)
        pairs = zip(fake_critique.logits, reals, strict=True)
        loss = torch.stack([self.loss.g(fake_logits, real_logits).mean() for fake_logits, real_logits in pairs]).mean()
        return self._with_terms(loss, {"loss/G": loss}, self.matching, (batch.real, fake, batch.cond, draw))

    def objective_loss(self, name: str, objective: Objective, batch: Batch, draw: Draw) -> Loss:
        """A loss of G without D, such as maximum likelihood."""
        value = objective(self.G, batch, draw).mean()
        return Loss(value, {f"loss/{name}": value.detach()})

    def after(self, player: str) -> None:
        """Constrain D after its update."""
        if player == "D":
            for constrain in self.constraints:
                constrain(self.D)

    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """As many fakes as the batch has reals, with its labels: `(batch, *shape)`."""
        z = self.G.latent.sample(len(batch.real), draw)  # type: ignore[union-attr, operator]
        fake: Tensor = self.G(z, batch.cond, draw.child("G"))
        return fake

    def judge(self, x: Tensor, cond: Tensor | None, draw: Draw) -> Critique:
        """D's critique of x `(batch, *shape)`."""
        return as_critique(self.D(x, cond, draw))

    def _reals(self, batch: Batch, draw: Draw, fake_critique: Critique) -> tuple[Tensor, ...]:
        """D's logits on reals where G's loss looks at them, else a stand-in of the right shape."""
        if not self.loss.needs_real:
            return fake_critique.logits
        with torch.no_grad():
            return self.judge(batch.real, batch.cond, draw.child("real")).logits

    def _with_terms(self, loss: Tensor, parts: dict[str, Tensor], terms: Sequence[Term], seen: tuple[Any, ...]) -> Loss:
        real, fake, cond, draw = seen
        total = loss
        for term in terms:
            if term.due(draw):
                value = term.function(self.D, real, fake, cond, draw.child(term.name)).mean()
                parts[f"penalty/{term.name}"] = value
                total = total + term.weight * term.every * value
        return Loss(total, {name: value.detach() for name, value in parts.items()})


def _mean_logit(critique: Critique) -> Tensor:
    return torch.stack([logits.mean() for logits in critique.logits]).mean()
