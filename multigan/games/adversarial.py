"""The default game: any D against any G, with one loss pair and a list of terms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.types import Batch, Critique, Loss, Objective, Stateful, View, Watching, as_critique
from multigan.games.fakes import FAKES

__all__ = ["AdversarialGame", "LossPair", "Reduction", "Term", "mean"]

Reduction = Callable[[Tensor, Tensor, Draw], Tensor]
"""`reduction(values, logits, draw) -> scalar`: of G's per-sample losses `(batch,)`, given D's logits of them."""


def mean(values: Tensor, logits: Tensor, draw: Draw) -> Tensor:
    """The mean over the batch: every sample counts."""
    return values.mean()


@runtime_checkable
class LossPair(Protocol):
    """A named pair of pure functions on logits that return per-sample values `(batch,)`."""

    needs_real: bool
    needs_mean: bool

    @property
    def d(self) -> Callable[..., Tensor]:
        """D's loss: `d(real_logits, fake_logits, smoothing=0.0)`; also `mean=` where the pair `needs_mean`."""
        ...

    @property
    def g(self) -> Callable[..., Tensor]:
        """G's loss: `g(fake_logits, real_logits)`; also `mean=` where the pair `needs_mean`."""
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
        views: what D sees in place of samples, applied in order to reals and fakes in all turns and before penalties.
        reduction: from G's per-sample losses to the scalar that it descends.
        fakes: `"fresh"`: every turn draws its own; `"reused"`: G's turn takes those of D's turn, which saves a forward
            pass of G (see `multigan.games.fakes`).

    Attributes:
        memory: the penalties and views that have a state, `{"penalty-0-NAME": module, "view-0": module}`.
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
        views: Sequence[View] = (),
        reduction: Reduction = mean,
        fakes: str = "fresh",
    ) -> None:
        self.G, self.D, self.loss = G, D, loss
        self.views, self.reduction = tuple(views), reduction
        self.penalties, self.matching, self.constraints = tuple(penalties), tuple(matching), tuple(constraints)
        self.smoothing: dict[str, Any] = {"smoothing": label_smoothing} if label_smoothing else {}
        self.fakes = FAKES[fakes](G)
        self.players: dict[str, nn.Module] = {"G": G, "D": D}
        self.memory = _memory(self.penalties, self.views)
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
        fake = self.fakes.for_d(self.fake, batch, draw)
        real, fake = self.see(batch.real, draw.child("real")), self.see(fake, draw.child("fake"))
        real_critique = self._ask(real, batch.cond, draw.child("real"))
        fake_critique = self._ask(fake, batch.cond, draw.child("fake"))
        pairs = zip(real_critique.logits, fake_critique.logits, strict=True)
        options = {**self.smoothing, **self._means(draw)}
        loss = _mean_of([self.loss.d(r, f, **options).mean() for r, f in pairs])
        parts = {
            "loss/D": loss,
            "logits/real": _mean_logit(real_critique),
            "logits/fake": _mean_logit(fake_critique),
            **self._watch(real_critique, fake_critique, draw),
        }
        return self._with_terms(loss, parts, self.penalties, (real, fake, batch.cond, draw))

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """G's loss on its turn's fakes; relativistic pairs also look at reals."""
        fake, batch = self.fakes.for_g(self.fake, batch, draw)
        fake = self.see(fake, draw.child("fake"))
        fake_critique = self._ask(fake, batch.cond, draw.child("fake"))
        real = self.see(batch.real, draw.child("real"))
        reals = self._reals(real, batch.cond, draw, fake_critique)
        pairs = zip(fake_critique.logits, reals, strict=True)
        loss = _mean_of([self.reduction(self.loss.g(f, r, **self._means(draw)), f, draw) for f, r in pairs])
        return self._with_terms(loss, {"loss/G": loss}, self.matching, (real, fake, batch.cond, draw))

    def objective_loss(self, name: str, objective: Objective, batch: Batch, draw: Draw) -> Loss:
        """A loss of G without D, such as maximum likelihood."""
        value = objective(self.G, batch, draw).mean()
        return Loss(value, {f"loss/{name}": value.detach()})

    def after(self, player: str) -> None:
        """Constrain D after its update, and let what has a state take the turn into it."""
        if player == "D":
            for module in self.memory.children():
                module.settle()  # type: ignore[operator]
            for constrain in self.constraints:
                constrain(self.D)

    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """As many fakes as the batch has reals, with its labels: `(batch, *shape)`."""
        z = self.G.latent.sample(len(batch.real), draw)  # type: ignore[union-attr, operator]
        fake: Tensor = self.G(z, batch.cond, draw.child("G"))
        return fake

    def judge(self, x: Tensor, cond: Tensor | None, draw: Draw) -> Critique:
        """D's critique of samples x `(batch, *shape)`, as it sees them."""
        return self._ask(self.see(x, draw), cond, draw)

    def see(self, x: Tensor, draw: Draw) -> Tensor:
        """What D sees of samples x `(batch, *shape)`: x itself where the game has no views."""
        for number, view in enumerate(self.views):
            x = view(x, draw.child(f"view-{number}"))
        return x

    def _ask(self, seen: Tensor, cond: Tensor | None, draw: Draw) -> Critique:
        return as_critique(self.D(seen, cond, draw))

    def _means(self, draw: Draw) -> dict[str, Any]:
        """Mean logits over the batch of all processes, for the pairs that look at them."""
        return {"mean": draw.batch_mean} if self.loss.needs_mean else {}

    def _watch(self, real: Critique, fake: Critique, draw: Draw) -> dict[str, Tensor]:
        """Show D's verdicts on reals to the views that follow them; a relativistic D judges pairs."""
        parts: dict[str, Tensor] = {}
        for view in self.views:
            if isinstance(view, Watching):
                for r, f in zip(real.logits, fake.logits, strict=True):
                    view.observe((r - f if self.loss.needs_real else r).detach(), draw)
                parts.update(view.report())
        return parts

    def _reals(self, real: Tensor, cond: Tensor | None, draw: Draw, fake_critique: Critique) -> tuple[Tensor, ...]:
        """D's logits on reals where G's loss looks at them, else a stand-in of the right shape."""
        if not self.loss.needs_real:
            return fake_critique.logits
        with torch.no_grad():
            return self._ask(real, cond, draw.child("real")).logits

    def _with_terms(self, loss: Tensor, parts: dict[str, Tensor], terms: Sequence[Term], seen: tuple[Any, ...]) -> Loss:
        real, fake, cond, draw = seen
        total = loss
        for term in terms:
            if term.due(draw):
                value = term.function(self.D, real, fake, cond, draw.child(term.name)).mean()
                parts[f"penalty/{term.name}"] = value
                total = total + term.weight * term.every * value
        return Loss(total, {name: value.detach() for name, value in parts.items()})


def _memory(penalties: Sequence[Term], views: Sequence[View]) -> nn.ModuleDict:
    """Everything among terms and views that has a state, by a name that says where it came from."""
    named: dict[str, object] = {f"penalty-{k}-{term.name}": term.function for k, term in enumerate(penalties)}
    named |= {f"view-{k}": view for k, view in enumerate(views)}
    return nn.ModuleDict(
        {name: part for name, part in named.items() if isinstance(part, nn.Module) and isinstance(part, Stateful)}
    )


def _mean_logit(critique: Critique) -> Tensor:
    return _mean_of([logits.detach().mean() for logits in critique.logits])


def _mean_of(scalars: Sequence[Tensor]) -> Tensor:
    """The mean of one scalar a head; most D have one head, for which this is free."""
    return scalars[0] if len(scalars) == 1 else torch.stack(list(scalars)).mean()
