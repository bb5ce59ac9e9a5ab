"""CycleGAN's game: translate without pairs, since the way there and back must end where it began."""

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.generators import draw_fakes
from multigan.core.types import Batch, Loss
from multigan.games.pool import Pool
from multigan.games.rules import Rules
from multigan.games.two_ways import TwoWays, of_back

__all__ = ["CycleGame"]


class CycleGame(TwoWays):
    """Two adversarial games, of the way there and of the way back, tied by L1.

    `loss_G = adversarial(there) + adversarial(back) + cycle (|back(there(a)) - a| + |there(back(b)) - b|
    + identity (|there(b) - b| + |back(a) - a|))`, each norm a mean over elements.

    Args:
        players: `"G"`, both ways of translating (`BothWays`), and `"D"`, what judges both (`BothJudges`).
        rules: as of `AdversarialGame`, for either way; there is no place for `matching`, `reduction`, `fakes` and
            label smoothing is as there.
        cycle: weight of coming back.
        identity: weight, as a share of `cycle`, of leaving alone what is on the right side already; it counts only
            where inputs and samples are of one shape. Above 0 it keeps colours.
        pool: earlier fakes that D sees some of, on each side.

    Source: Zhu et al. 2017 (CycleGAN), Eq. 1 to 3; identity: section 5.2; least squares, pool and order of turns
    (G, then D) as in section 4 and their code.
    Departures: D's turn has a batch and fakes of its own.
    """

    roles: ClassVar[Mapping[str, str]] = {"g": "G", "d": "D"}
    takes_inputs = True
    unpaired = True
    both_ways = True
    kept = ("G",)
    uncounted = ("g",)

    def __init__(
        self,
        players: Mapping[str, nn.Module],
        rules: Rules,
        *,
        cycle: Annotated[float, Field(ge=0)] = 10.0,
        identity: Annotated[float, Field(ge=0)] = 0.5,
        pool: Annotated[int, Field(ge=0, le=100_000)] = 50,
    ) -> None:
        self.refuse(rules)
        super().__init__("cycle", players, rules)
        G = self.G
        self.alike = G.spec.shape == G.source.shape
        if rules.views and not self.alike:
            given = f"game.views for samples of {G.spec.shape} and inputs of {G.source.shape}"
            raise RecipeError(given, "one shape, where views show both to D", "remove the views", key=["views"])
        self.cycle, self.identity = cycle, identity
        self.pools = {"there": Pool(pool, G.spec.shape), "back": Pool(pool, G.source.shape)}
        self.memory = nn.ModuleDict({**{f"pool-{way}": one for way, one in self.pools.items()}, **self.memory})
        self.turns: dict[str, tuple[str, Callable[[Batch, Draw], Loss]]] = {
            "g": ("G", self.g_loss),
            "d": ("D", self.d_loss),
        }

    @staticmethod
    def refuse(rules: Rules) -> None:
        """Nothing belongs together but what was translated and comes back."""
        rules.refuse("cycle", "matching", "reduction", "fakes", "join")

    def round(self, n_critic: int) -> tuple[str, ...]:
        """G's turn, then D's."""
        return ("g", *("d",) * n_critic)

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """Both ways' losses against D, and what is lost on the way there and back."""
        there, back, turned = draw.child("there"), draw.child("back"), self.turned(batch)
        made, given = self.there.fake(batch, there), self.back.fake(turned, back)
        one, other = self.there.g_loss_on(made, batch, there), self.back.g_loss_on(given, turned, back)
        lost = self._lost(self.G.back, made, turned.real, back) + self._lost(self.G.there, given, batch.real, there)
        parts = {**one.parts, **of_back(other), "penalty/cycle": lost.detach()}
        total = one.total + other.total + self.cycle * lost
        if self.identity and self.alike:
            moved = self._lost(self.G.there, batch.real, batch.real, there.child("identity"))
            moved = moved + self._lost(self.G.back, turned.real, turned.real, back.child("identity"))
            parts["penalty/identity"] = moved.detach()
            total = total + self.cycle * self.identity * moved
        return Loss(total, parts)

    def d_loss(self, batch: Batch, draw: Draw) -> Loss:
        """D's loss on both sides, with fakes out of the pools."""
        there, back, turned = draw.child("there"), draw.child("back"), self.turned(batch)
        with torch.no_grad():
            made, given = self.there.fake(batch, there), self.back.fake(turned, back)
        one = self.there.d_loss_on(self.pools["there"].exchange(made, there.child("pool")), batch, there)
        other = self.back.d_loss_on(self.pools["back"].exchange(given, back.child("pool")), turned, back)
        return Loss(one.total + other.total, {**one.parts, **of_back(other)})

    def _lost(self, net: nn.Module, x: Tensor, wanted: Tensor, draw: Draw) -> Tensor:
        """L1 between what a net makes of x and what is wanted, both `(batch, ...)`."""
        own = draw.child("once-more")
        return (draw_fakes(net, len(x), own, None, x, besides=own.child("G")) - wanted).abs().mean()
