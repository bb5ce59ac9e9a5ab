"""Options that went: a recipe that has one is told what became of it, and one that means nothing is passed over."""

import pytest

from multigan.core.errors import RecipeError
from multigan.evaluation.run import evaluate
from multigan.recipe.gone import refuse_gone, says_nothing
from multigan.recipe.options import bind
from multigan.training import resume, train


def build(*, kl: float = 0.02):
    """A builder."""


def test_an_option_that_is_gone_is_said_to_be():
    told = r"game\.chance = 0\.5, an option that is gone; .*G\.hiss = 'bands'.*--set game\.chance=0, in a new run"
    with pytest.raises(RecipeError, match=told):
        bind(build, {"kl": 0.1, "chance": 0.5}, "game")


def test_its_neutral_value_is_as_if_it_was_not_there():
    assert bind(build, {"kl": 0.1, "chance": 0.0}, "game") == {"kl": 0.1}
    assert not says_nothing("game", "chance", False)
    assert not says_nothing("G", "chance", 0.0)


def test_of_what_never_was_nothing_is_said():
    refuse_gone("game", "chanse", 0.5)
    with pytest.raises(RecipeError, match="is no option here"):
        bind(build, {"chanse": 0.5}, "game")


def test_a_run_that_had_it_is_judged_and_goes_no_further(tmp_path):
    sets = ["G.nz=4", "G.width=4", "D.width=4", "train.samples=16", "train.batch=8", "train.vitals=0", "train.sheets=0"]
    sets += ["train.report=false", "G.net=autoencoder", "game.name=autoencoding", "game.matching=[{name='l1'}]"]
    folder = train("image/digits", run=tmp_path / "run", overrides=[*sets, "game.chance=0"], quiet=True).folder
    resume(folder, samples=24, quiet=True)
    recipe = folder / "recipe.toml"
    recipe.write_text(recipe.read_text().replace("chance = 0", "chance = 0.5"))
    assert evaluate(folder, samples=64, cache=False).scores
    with pytest.raises(RecipeError, match=r"recipe\.toml:\d+: game\.chance = 0\.5, an option that is gone"):
        resume(folder, samples=32, quiet=True)
