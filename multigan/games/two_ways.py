"""What games have in common whose G goes both ways: two adversarial games, turned towards each other."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace

from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RecipeError
from multigan.core.types import Batch, Critique, Loss
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules
from multigan.nets.both_ways import BothJudges, BothWays

__all__ = ["TwoWays", "of_back"]


class TwoWays:
    """The game there and the game back, of one G and one D that hold two nets each.

    Args:
        name: of the game, for messages.
        players: `"G"`, a `BothWays`, and `"D"`, a `BothJudges`.
        rules: of both games; objectives and inputs seen by D are left out.

    Raises:
        PluginError: players of another kind.

    Source: Zhu et al. 2017 (CycleGAN), section 3.1.
    """

    def __init__(self, name: str, players: Mapping[str, nn.Module], rules: Rules) -> None:
        G, D = players["G"], players["D"]
        if not isinstance(G, BothWays) or not isinstance(D, BothJudges):
            given = f"game '{name}' with {type(G).__name__} and {type(D).__name__}"
            raise PluginError(given, "multigan.nets.both_ways.BothWays and BothJudges", "build it from a recipe")
        self.name, self.G, self.D = name, G, D
        rules = replace(rules, objectives={}, join=None)
        self.there = AdversarialGame({"G": G.there, "D": D.there}, rules)
        self.back = AdversarialGame({"G": G.back, "D": D.back}, deepcopy(rules))
        self.views, self.players = self.there.views, {"G": G, "D": D}
        self.memory = nn.ModuleDict(
            {
                **{f"there-{name}": part for name, part in self.there.memory.items()},
                **{f"back-{name}": part for name, part in self.back.memory.items()},
            }
        )

    def after(self, player: str) -> None:
        """Constrain both judges after their update."""
        self.there.after(player)
        self.back.after(player)

    def fake(self, batch: Batch, draw: Draw) -> Tensor:
        """What the way there makes of the batch's inputs: `(batch, *shape)`."""
        return self.there.fake(batch, draw)

    def judge(self, x: Tensor, batch: Batch, draw: Draw) -> Critique:
        """What the judge of samples says of x `(batch, *shape)`."""
        return self.there.judge(x, batch, draw)

    def turned(self, batch: Batch) -> Batch:
        """The batch as the way back sees it: inputs are what it is to make, samples what it is given.

        Raises:
            RecipeError: there are no inputs.
        """
        if batch.source is None:
            fix = "name the inputs: input.source"
            raise RecipeError(f"game '{self.name}' without inputs", "[input]", fix)
        return Batch(batch.source, None, batch.real)


def of_back(loss: Loss) -> dict[str, Tensor]:
    """What is logged of a loss of the way back, under names of its own."""
    return {f"back/{name}": value for name, value in loss.parts.items()}
