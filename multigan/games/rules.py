"""What a game is played by: one loss pair, terms, and what is done to samples and numbers on the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError, did_you_mean
from multigan.core.returned import Maker, check_taken, per_sample
from multigan.core.types import Objective, View
from multigan.losses.adversarial import LossPair
from multigan.losses.reduction import Reduction, mean

__all__ = ["Rules", "Term"]


@dataclass(frozen=True)
class Term:
    """A penalty or a matching loss that is added to a player's loss.

    Args:
        name: as in the registry; its value is logged as `penalty/NAME`.
        function: `(D, real, fake, cond, draw) -> (batch,)`.
        weight: factor on the mean over the batch.
        every: computed on every so many iterations and then scaled by as much (lazy regularisation, Karras et al.
            2020, section 3.1), so that the weight means the same at any interval.
        asks: whether the function asks D.

    Raises:
        PluginError: the function is not called as `(D, real, fake, cond, draw)`.
    """

    name: str
    function: Callable[..., Tensor]
    weight: float = 1.0
    every: int = 1
    asks: bool = False

    def __post_init__(self) -> None:
        check_taken(self.function, ("D", "real", "fake", "cond", "draw"), self._maker)

    def of(self, D: Any, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """Its values `(batch,)`; whatever else comes is a `PluginError`."""
        return per_sample(self.function(D, real, fake, cond, draw.child(self.name)), len(fake), self._maker)

    @property
    def expects(self) -> bool:
        """Whether it can be told what a fake's chance is on average: `function.expected(real, fake, chance, draw)`."""
        return hasattr(self.function, "expected")

    def of_expected(self, real: Tensor, fake: Tensor, chance: object, draw: Draw) -> Tensor:
        """Its values `(batch,)` of fakes without their chance, and what that is on average."""
        told: Any = self.function
        return per_sample(told.expected(real, fake, chance, draw.child(self.name)), len(fake), self._maker)

    @property
    def _maker(self) -> Maker:
        return Maker("penalty or matching term", self.name, self.function)

    def due(self, draw: Draw) -> bool:
        """Whether this iteration computes the term."""
        return draw.step % self.every == 0


@dataclass(frozen=True)
class Rules:
    """All that a recipe's `[game]` says to any game; options of one game are its own keywords.

    Args:
        loss: the pair.
        penalties: terms of D's loss.
        matching: terms of G's loss.
        constraints: applied to D after each of its updates.
        objectives: losses of G without D, each a turn of its own.
        rewards: how good a fake is beside its target, `(fake, real) -> (batch,)` in [0, 1], for games that mix one in.
        label_smoothing: one-sided, for losses that take it.
        views: what D sees of samples in place of them, applied in order; penalties get the viewed samples.
        reduction: of G's per-sample losses, given D's logits of them.
        fakes: where G's turn gets its fakes, a name of `FAKES`.
        join: what D sees, before the views, of samples and the inputs that they belong to; None = the samples alone.

    Raises:
        RecipeError: the loss does not take the label smoothing.
    """

    loss: LossPair
    penalties: Sequence[Term] = ()
    matching: Sequence[Term] = ()
    constraints: Sequence[Callable[[nn.Module], object]] = ()
    objectives: Mapping[str, Objective] = field(default_factory=dict)
    rewards: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = field(default_factory=dict)
    label_smoothing: float = 0.0
    views: Sequence[View] = ()
    reduction: Reduction = mean
    fakes: str = "fresh"
    join: Callable[[Tensor, Tensor], Tensor] | None = None

    def __post_init__(self) -> None:
        if self.label_smoothing:
            probe = torch.zeros(1)
            self.loss.d(probe, probe, smoothing=self.label_smoothing)

    def refuse(self, game: str, *parts: str) -> None:
        """What a game says of parts that it has no place for.

        Args:
            game: its name.
            parts: names of the parts.

        Raises:
            RecipeError: one of them is not as it is by default.
            PluginError: rules have no such part.
        """
        defaults = {part.name: part.default for part in fields(self)}
        for part in parts:
            if part not in defaults:
                hint = did_you_mean(str(part), defaults)
                raise PluginError(f"game '{game}' refuses {part!r}", "parts of multigan.games.rules.Rules", hint)
            given = getattr(self, part)
            if given and given != defaults[part]:
                raise RecipeError(
                    f"game '{game}' has no place for game.{part}",
                    "the game 'adversarial'",
                    f"remove {part}",
                    key=[part],
                )
