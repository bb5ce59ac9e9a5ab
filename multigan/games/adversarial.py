"""The default game: any D against any G, with one loss pair and a list of terms."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.generators import draw_fakes
from multigan.core.returned import Maker, check_taken, per_sample
from multigan.core.types import Batch, Critique, Loss, Objective, Stateful, View, Watching
from multigan.games.fakes import FAKES
from multigan.games.given import judged, viewed
from multigan.games.rules import Rules, Term

__all__ = ["AdversarialGame"]


class AdversarialGame:
    """Two players, one loss pair (Goodfellow et al. 2014, section 3), any number of terms.

    Args:
        players: `"G"`, the generator `G(z, cond, draw) -> fake`, and `"D"`, the discriminator
            `D(x, cond, draw) -> logits | Critique`; several heads of D count equally.
        rules: all parts have their place. Every objective is a further turn of G, and so is `fit`, the matching terms
            that need no D. Label smoothing: Salimans et al. 2016, section 3.4. `fakes`: see
            `multigan.games.fakes`.

    With inputs, D sees `rules.join` of sample and input (Isola et al. 2017, Eq. 1), and matching terms compare each
    fake with the target of its input before any view, since the views of the two are drawn apart.

    Attributes:
        memory: the penalties and views that have a state, `{"penalty-0-NAME": module, "view-0": module}`.
    """

    roles: ClassVar[Mapping[str, str]] = {"d": "D", "g": "G", "fit": "G"}
    takes_inputs = True
    kept = ("G",)
    uncounted = ("g",)

    def __init__(self, players: Mapping[str, nn.Module], rules: Rules) -> None:
        self.G, self.D, self.loss = players["G"], players["D"], rules.loss
        check_taken(self.G, ("z", "cond", "draw"), Maker("generator", "", self.G))
        check_taken(self.D, ("x", "cond", "draw"), Maker("discriminator", "", self.D))
        self.views, self.reduction, self.join = tuple(rules.views), rules.reduction, rules.join
        self.penalties, self.matching = tuple(rules.penalties), tuple(rules.matching)
        self.constraints = tuple(rules.constraints)
        self.smoothing: dict[str, Any] = {"smoothing": rules.label_smoothing} if rules.label_smoothing else {}
        self.fakes = FAKES[rules.fakes](self.G)
        self.players: dict[str, nn.Module] = {"G": self.G, "D": self.D}
        self.memory = _memory(self.penalties, self.views)
        self.turns: dict[str, tuple[str, Callable[[Batch, Draw], Loss]]] = {
            "d": ("D", self.d_loss),
            "g": ("G", self.g_loss),
            "fit": ("G", self.fit_loss),
            **{name: ("G", partial(self.objective_loss, name, own)) for name, own in rules.objectives.items()},
        }

    def round(self, n_critic: int) -> tuple[str, ...]:
        """D's turns, then G's."""
        return ("d",) * n_critic + ("g",)

    def d_loss(self, batch: Batch, draw: Draw) -> Loss:
        """D's loss on a real batch and as many fakes, plus its penalties."""
        return self.d_loss_on(self.fakes.for_d(self.played, batch, draw), batch, draw)

    def d_loss_on(self, fake: Tensor, batch: Batch, draw: Draw) -> Loss:
        """D's loss on a real batch and given fakes `(batch, *shape)` without a graph."""
        real, fake = (self._seen(x, batch, draw.child(w)) for x, w in ((batch.real, "real"), (fake, "fake")))
        real_critique = self._ask(real, batch.cond, draw.child("real"))
        fake_critique = self._ask(fake, batch.cond, draw.child("fake"))
        pairs = zip(real_critique.logits, fake_critique.logits, strict=True)
        options = {**self.smoothing, **self._means(draw)}
        loss = _mean_of([self._half("d", r, f, **options).mean() for r, f in pairs])
        parts = {
            "loss/D": loss,
            "logits/real": _mean_logit(real_critique),
            "logits/fake": _mean_logit(fake_critique),
            **self._watch(real_critique, fake_critique, draw),
        }
        return self._with_terms(loss, parts, self.penalties, (self.D, real, fake, batch.cond, draw))

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """G's loss on its turn's fakes; relativistic pairs also look at reals."""
        return self.g_loss_on(*self.fakes.for_g(self.played, batch, draw), draw)

    def g_loss_on(self, made: Tensor, batch: Batch, draw: Draw) -> Loss:
        """G's loss on given fakes `(batch, *shape)` with their graph, which were made for the batch."""
        fake = self._seen(made, batch, draw.child("fake"))
        fake_critique = self._ask(fake, batch.cond, draw.child("fake"))
        real = self._seen(batch.real, batch, draw.child("real"))
        reals = self._reals(real, batch.cond, draw, fake_critique)
        pairs = zip(fake_critique.logits, reals, strict=True)
        loss = _mean_of([self.reduction(self._half("g", f, r, **self._means(draw)), f, draw) for f, r in pairs])
        return self._with_terms(loss, {"loss/G": loss}, self.matching, (*self.matched(batch, real, fake, made), draw))

    def fit_loss(self, batch: Batch, draw: Draw) -> Loss:
        """What the matching terms say of fakes and their targets; those that ask D are left out."""
        terms = [term for term in self.matching if not term.asks]
        if not terms:
            given, wanted = "the turn 'fit' has nothing to fit by", "a matching term that asks no D"
            raise RecipeError(given, wanted, "remove the turn", key=("game", "matching"))
        fake = self.fake(batch, draw)
        loss = self._with_terms(fake.new_zeros(()), {}, terms, (None, batch.real, fake, batch.cond, draw))
        return Loss(loss.total, {**loss.parts, "loss/fit": loss.total.detach()})

    def objective_loss(self, name: str, objective: Objective, batch: Batch, draw: Draw) -> Loss:
        """A loss of G without D, such as maximum likelihood."""
        found = objective(self.G, batch, draw)
        value = per_sample(found, len(batch.real), Maker("objective", name, objective)).mean()
        return Loss(value, {f"loss/{name}": value.detach()})

    def after(self, player: str) -> None:
        """Constrain D after its update, and let what has a state take the turn into it."""
        if player == "D":
            for module in self.memory.children():
                if isinstance(module, Stateful):
                    module.settle()
            for constrain in self.constraints:
                constrain(self.D)

    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """As many fakes as the batch has reals, with its labels: `(batch, *shape)`."""
        return draw_fakes(self.G, len(batch.real), draw, batch.cond, batch.source, besides=draw.child("G"))

    def played(self, batch: Batch, draw: Draw) -> Tensor:
        """The fakes of the turns `d` and `g`: `(batch, *shape)`."""
        return self.fake(batch, draw)

    def matched(self, batch: Batch, real: Tensor, fake: Tensor, made: Tensor) -> tuple[Any, ...]:
        """What matching terms of the turn `g` compare: who judges, reals, fakes, labels.

        Args:
            batch: of the turn.
            real: its reals after the views.
            fake: the fakes after the views.
            made: the fakes before them.
        """
        if batch.source is None:
            return self.D, real, fake, batch.cond
        return self._judge_of(batch), batch.real, made, batch.cond

    def judge(self, x: Tensor, batch: Batch, draw: Draw) -> Critique:
        """D's critique of samples x `(batch, *shape)`, as it sees them."""
        return self._ask(self._seen(x, batch, draw), batch.cond, draw)

    def see(self, x: Tensor, draw: Draw) -> Tensor:
        """What D sees of samples x `(batch, *shape)`: x itself where the game has no views."""
        for number, view in enumerate(self.views):
            x = viewed(view, x, draw.child(f"view-{number}"))
        return x

    def _seen(self, x: Tensor, batch: Batch, draw: Draw) -> Tensor:
        """What D sees of x, with its input where D is to see that too."""
        return self.see(x if self.join is None or batch.source is None else self.join(x, batch.source), draw)

    def _judge_of(self, batch: Batch) -> Callable[[Tensor, Tensor | None, Draw], Critique]:
        """D for terms that look at plain samples of a batch."""
        return lambda x, cond, draw: self._ask(self._seen(x, batch, draw), cond, draw)

    def _ask(self, seen: Tensor, cond: Tensor | None, draw: Draw) -> Critique:
        return judged(self.D(seen, cond, draw), len(seen), Maker("discriminator", "", self.D))

    def _half(self, half: str, *logits: Tensor, **options: Any) -> Tensor:
        """D's or G's loss of each sample `(batch,)`, by the pair."""
        function = getattr(self.loss, half)
        return per_sample(function(*logits, **options), len(logits[0]), Maker("loss", self.loss.name, function))

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
        D, real, fake, cond, draw = seen
        return self._with_values(loss, parts, terms, draw, lambda term: term.of(D, real, fake, cond, draw))

    def _with_values(
        self,
        loss: Tensor,
        parts: dict[str, Tensor],
        terms: Sequence[Term],
        draw: Draw,
        of: Callable[[Term], Tensor],
    ) -> Loss:
        total = loss
        for term in terms:
            if term.due(draw):
                value = of(term).mean()
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
