import pytest

from multigan.plugins import modalities
from multigan.plugins.adapter import Trial
from multigan.testing.case import STEPS, Case
from multigan.testing.rules import Skip


def test_the_case_is_small_and_its_files_go(tiny):
    case = Case(tiny())
    assert len(case.real) == 8
    assert case.recipe.data.source == "demo"
    with modalities.lend("tiny", case.modality):
        assert case.trainer().phases[-1].samples == 4 * STEPS
    folder = case.new_folder("x")
    assert folder.is_dir()
    case.close()
    assert not folder.parent.exists()


def test_a_modality_without_recipe_gets_a_plain_one(tiny):
    case = Case(type("Bare", (tiny,), {"recipe_for_files": "", "suffixes": ()})())
    assert (case.recipe.G.net, case.recipe.D.net) == ("mlp", "mlp")


def test_without_embedded_data_there_is_nothing_to_try(tiny):
    case = Case(type("Bare", (tiny,), {"embedded": (), "trial": Trial()})())
    with pytest.raises(Skip, match="embeds no data"):
        _ = case.data
