"""Translate without pairs by likelihoods: repair what is broken on either side, and undo the other way's outputs."""

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.generators import draw_fakes
from multigan.core.returned import Maker, per_sample
from multigan.core.types import Batch, Loss
from multigan.games.rules import Rules
from multigan.games.two_ways import TwoWays, of_back

__all__ = ["BackTranslationGame"]


class BackTranslationGame(TwoWays):
    """Two writers that teach each other, and two judges of what they write.

    `loss_G = denoise (L(b | c(b)) + L(a | c(a))) + L(a | there(a)) + L(b | back(b)) + adversary (adv(there(a)) +
    adv(back(b)))`, `L(y | x)` how unlikely y is to be written for x, c what the modality's objective `denoise` breaks,
    and no gradient through what is written.

    Args:
        players: `"G"`, both ways (`BothWays`), of nets that can be asked how likely a sample is, and `"D"`, what judges
            both (`BothJudges`).
        rules: of the adversary; there is no place for `matching`, `reduction`, `fakes` and `join`. The modality offers
            the objectives `fit`, the likelihood, and `denoise`.
        denoise: weight of repairing.
        adversary: weight of G's loss against D; 0 = D does not play.

    Source: Lample et al. 2018 ("Unsupervised Machine Translation Using Monolingual Corpora Only"), Eq. 1 to 3: their
    discriminator sees the states of the encoder. Judges of outputs: Zhu et al. 2017 (CycleGAN), Eq. 1.
    Departures: D sees relaxed samples of both ways in place of states, and no dictionary begins it.
    """

    roles: ClassVar[Mapping[str, str]] = {"denoise": "G", "g": "G", "d": "D"}
    takes_inputs = True
    unpaired = True
    both_ways = True
    keeps_last = True
    kept = ("G",)

    def __init__(
        self,
        players: Mapping[str, nn.Module],
        rules: Rules,
        *,
        denoise: Annotated[float, Field(ge=0)] = 1.0,
        adversary: Annotated[float, Field(ge=0)] = 0.0,
    ) -> None:
        self.refuse(rules)
        super().__init__("back-translation", players, rules)
        missing = [name for name in ("fit", "denoise") if name not in rules.objectives]
        if missing:
            given = f"game 'back-translation' for a modality without the objective '{missing[0]}'"
            raise RecipeError(given, "fit and denoise, as of texts", "type --set game.name=cycle", key=["name"])
        self.denoise, self.adversary = denoise, adversary
        self.likely, self.repaired = rules.objectives["fit"], rules.objectives["denoise"]
        self.uncounted: tuple[str, ...] = ("g",) if adversary else ()
        self.turns: dict[str, tuple[str, Callable[[Batch, Draw], Loss]]] = {
            "denoise": ("G", self.denoise_loss),
            "g": ("G", self.g_loss),
            "d": ("D", self.d_loss),
        }

    @staticmethod
    def refuse(rules: Rules) -> None:
        """Nothing belongs together but what one way wrote and the other undoes."""
        rules.refuse("back-translation", "matching", "reduction", "fakes", "join")

    def round(self, n_critic: int) -> tuple[str, ...]:
        """G's turn, then D's where it plays."""
        return ("g", *("d",) * n_critic) if self.adversary else ("g",)

    def denoise_loss(self, batch: Batch, draw: Draw) -> Loss:
        """How badly either way repairs broken samples of the side that it writes."""
        turned = self.turned(batch)
        one = self._mean(self.repaired, self.G.there, batch, draw.child("there"))
        other = self._mean(self.repaired, self.G.back, turned, draw.child("back"))
        return Loss(one + other, {"loss/denoise": (one + other).detach() / 2})

    def g_loss(self, batch: Batch, draw: Draw) -> Loss:
        """Repairing, undoing, and what D says."""
        turned, there, back = self.turned(batch), draw.child("there"), draw.child("back")
        broken = self.denoise_loss(batch, draw)
        made, given = self._written(self.G.there, turned.real, there), self._written(self.G.back, batch.real, back)
        undone = self._mean(self.likely, self.G.back, Batch(turned.real, None, made), back.child("undone"))
        undone = undone + self._mean(self.likely, self.G.there, Batch(batch.real, None, given), there.child("undone"))
        parts = {**broken.parts, "loss/undo": undone.detach() / 2}
        total = self.denoise * broken.total + undone
        if self.adversary:
            one, other = self.there.g_loss(batch, there), self.back.g_loss(turned, back)
            parts = {**parts, **one.parts, **of_back(other)}
            total = total + self.adversary * (one.total + other.total)
        return Loss(total, parts)

    def d_loss(self, batch: Batch, draw: Draw) -> Loss:
        """D's loss on both sides."""
        one = self.there.d_loss(batch, draw.child("there"))
        other = self.back.d_loss(self.turned(batch), draw.child("back"))
        return Loss(one.total + other.total, {**one.parts, **of_back(other)})

    @torch.no_grad()
    def _written(self, net: nn.Module, source: Tensor, draw: Draw) -> Tensor:
        """What a net makes of inputs in use, the best that it knows."""
        training = net.training
        net.eval()
        try:
            return draw_fakes(net, len(source), draw.child("written"), None, source)
        finally:
            net.train(training)

    def _mean(self, objective: Callable[..., Tensor], net: nn.Module, batch: Batch, draw: Draw) -> Tensor:
        return per_sample(objective(net, batch, draw), len(batch.real), Maker("objective", "", objective)).mean()
