import pytest

from multigan.bench.configs import CONFIGS, config
from multigan.bench.sets import SETS
from multigan.build import check
from multigan.core.errors import UnknownNameError
from multigan.recipe.recipe import load_recipe


@pytest.mark.parametrize("kind", SETS.values(), ids=lambda kind: kind.name)
@pytest.mark.parametrize("entry", CONFIGS.values(), ids=lambda entry: entry.name)
def test_every_configuration_is_a_valid_recipe(entry, kind):
    if entry.only_pictures and not kind.pictures:
        pytest.skip("nets of pictures only")
    recipe = load_recipe(kind.recipe, entry.overrides(pictures=kind.pictures, d_width=16))
    check(recipe)
    loss = {"default": "relativistic", "dcgan": "non-saturating"}
    first = entry.name.split("+")[0]
    assert recipe.game.loss == loss.get(first, first)
    assert bool(recipe.game.penalties) == (first in ("default", "wasserstein") or "r1" in entry.name)
    assert recipe.D.options["width"] == 4 if entry.weak_d else recipe.D.options["width"] != 4


def test_the_default_is_the_recipe_as_it_ships():
    assert config("default").overrides(pictures=True, d_width=32) == []


def test_dcgan_is_the_papers():
    recipe = load_recipe("image/stacked-digits", config("dcgan").overrides(pictures=True, d_width=32))
    paper = load_recipe("image/dcgan")
    assert (recipe.optim.lr, recipe.optim.betas, recipe.optim.schedule) == (
        paper.optim.lr,
        paper.optim.betas,
        paper.optim.schedule,
    )
    assert recipe.G.options["norm"] == recipe.D.options["norm"] == "batch"


def test_a_wrong_name_is_corrected():
    with pytest.raises(UnknownNameError, match="did you mean 'hinge'"):
        config("hing")
