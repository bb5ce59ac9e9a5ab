import pytest

from multigan.build import check
from multigan.core.errors import RecipeError
from multigan.recipe.recipe import load_recipe


def test_nothing_but_fitting_is_played():
    check(load_recipe("audio/enhance"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('game.penalties=[{name="r1"}]', "penalties"),
        ("game.matching=[]", "compared by"),
        ('game.matching=[{name="feature-matching"}]', "compared by"),
    ],
)
def test_what_has_no_place_in_it_is_refused(change, words):
    with pytest.raises(RecipeError, match=words):
        check(load_recipe("audio/enhance", [change]))


def test_without_inputs_there_is_nothing_to_fit():
    sets = ["game.name=fitting", "game.loss=hinge", "game.penalties=[]", 'game.matching=[{name="l1"}]']
    with pytest.raises(RecipeError, match=r"without \[input\]"):
        check(load_recipe("audio/wavegan", sets))
