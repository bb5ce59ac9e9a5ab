import pytest

from multigan.build import build_data
from multigan.core.html import Html
from multigan.generator.generator import load
from multigan.recipe.recipe import load_recipe
from multigan.report.giveaways import giveaways
from multigan.report.media import Budget, Media
from multigan.training import train


@pytest.fixture(scope="module")
def digits_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "digits"
    sets = ["train.samples=64", "train.vitals=0", "train.report=false", "G.width=4", "D.width=4"]
    train("image/digits", run=folder, overrides=sets, quiet=True)
    return folder


@pytest.fixture
def shown(digits_run):
    generator, data = load(digits_run), build_data(load_recipe(str(digits_run / "recipe.toml")))
    media = Media(generator.modality, generator.spec, generator.label(0), Budget(10**6))
    return lambda evaluation: giveaways(media, generator, data, evaluation)


@pytest.fixture
def told(digits_run):
    generator = {"weights_sha256": load(digits_run).config["weights_sha256"]}
    rows = {
        "giveaways": [{"fake": k, "logit": -2.0} for k in (40, 3)],
        "doubted_reals": [{"item": 7, "logit": -1.0}, {"item": 10**9, "logit": -1.0}],
    }
    return {"generator": generator, "judge": {"drawn": 64, "seed": 0, "compared_with": "held-out", **rows}}


def test_fakes_and_reals_stand_in_two_strips(shown, told):
    page = shown(told)
    assert page.count("<img") == 3  # an item that is not there is left out
    assert page.index("Surest to be fakes") < page.index("Reals that were taken for fakes most")


@pytest.mark.parametrize(
    "change",
    [
        {"generator": {"weights_sha256": "of another"}},
        {"data_changed": True, "data_other": True},
        {"judge": {"untold": "40 reals a side"}},
        {"judge": [1]},
        {"judge": {"drawn": 64, "seed": 0, "giveaways": [{"fake": "x"}, 3]}},
    ],
)
def test_nothing_is_shown_of_another_generator_or_a_damaged_file(shown, told, change):
    assert shown({**told, **change}) == Html()
