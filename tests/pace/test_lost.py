"""A run that was lengthened, copied without its `budget.json`."""

import shutil

import pytest

import multigan
from multigan.core.errors import CheckpointError
from multigan.pace.lost import refuse_lost
from multigan.recipe.recipe import load_recipe

BRIEF = ["train.vitals=0", "train.sheets=0", "train.report=false", "train.batch=8", "G.width=8", "D.width=8"]


@pytest.fixture(scope="module")
def lengthened(tmp_path_factory):
    """A run of 80 samples that went on to 160."""
    folder = tmp_path_factory.mktemp("lost") / "run"
    multigan.train("points/ring", run=folder, overrides=[*BRIEF, "data.n=64"], samples=80, quiet=True)
    multigan.resume(folder, samples=160, quiet=True)
    return folder


def test_the_missing_file_is_named_with_what_helps(lengthened, tmp_path):
    folder = shutil.copytree(lengthened, tmp_path / "a run")
    (folder / "budget.json").unlink()
    with pytest.raises(CheckpointError, match=r"budget\.json is missing.*copy it again") as caught:
        multigan.resume(folder, quiet=True)
    assert "another recipe" not in str(caught.value)
    assert f"multigan train '{folder}/recipe.toml'" in str(caught.value)
    shutil.copy(lengthened / "budget.json", folder)
    assert multigan.resume(folder, quiet=True).state.samples == 160


def test_a_recipe_that_is_another_or_a_damaged_checkpoint_is_left_to_who_restores_it(lengthened, tmp_path):
    folder = shutil.copytree(lengthened, tmp_path / "run")
    (folder / "budget.json").unlink()
    recipe = load_recipe(str(folder / "recipe.toml"))
    refuse_lost(folder, recipe.model_copy(update={"train": recipe.train.model_copy(update={"samples": 88})}))
    for state in folder.glob("checkpoints/*/state.json"):
        state.write_text("[1")
    refuse_lost(folder, recipe)
