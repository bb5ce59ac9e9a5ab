"""No adversary: G learns by the matching terms alone."""

from multigan.core.errors import RecipeError
from multigan.games.adversarial import AdversarialGame
from multigan.games.rules import Rules

__all__ = ["FittingGame"]


class FittingGame(AdversarialGame):
    """The turn `fit` of the adversarial game and nothing else: what an output and its target differ by is descended.

    Where the modality has an objective `fit`, as texts have their likelihood, that is it; else the matching terms.

    It is the game of recipes in which no adversary has been shown to earn its time, and the twin with which one is to
    be compared: `game.name = "adversarial"` plays the same nets against each other. D never plays.

    Raises:
        RecipeError: there is nothing to fit by.

    Source: the first phase of Ledig et al. 2017 (SRGAN), section 3.2, for good.
    """

    needs_inputs = True
    keeps_last = True

    @staticmethod
    def refuse(rules: Rules) -> None:
        """There must be something to fit by, and nothing for a D that never plays."""
        rules.refuse("fitting", "penalties", "constraints", "views")
        if "fit" not in rules.objectives and all(term.asks for term in rules.matching):
            given = "the game 'fitting' without a matching term that asks no D"
            fix = 'write matching = [{ name = "l1" }]'
            raise RecipeError(given, "what an output and its target are compared by", fix, key=["matching"])

    def round(self, n_critic: int) -> tuple[str, ...]:
        """A turn of fitting."""
        return ("fit",)
