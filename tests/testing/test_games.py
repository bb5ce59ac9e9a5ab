"""The check for games on the games of the house; broken ones are in `test_kinds.py`."""

import pytest

from multigan.games.adversarial import AdversarialGame
from multigan.games.policy_gradient import PolicyGradientGame
from multigan.testing.games import check_game
from multigan.testing.rules import Skip


def test_the_default_game_passes_and_one_for_words_has_no_place_for_points():
    check_game(AdversarialGame)
    with pytest.raises(Skip, match="no place for nets of points: MlpG writes no tokens"):
        check_game(PolicyGradientGame, "words")
