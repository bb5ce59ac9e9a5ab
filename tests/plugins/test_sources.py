"""Built-in names win wherever they are typed; `./NAME` is what lies here."""

import pytest

import multigan
from multigan.plugins.sources import place_of, shadowed, with_absolute_source
from multigan.recipe.recipe import load_recipe

NAMES = {"image": "digits", "points": "ring", "audio": "drums", "text": "surnames"}


@pytest.mark.parametrize("modality", NAMES)
def test_an_embedded_set_is_not_replaced_by_a_folder_of_its_name(modality, tmp_path, monkeypatch):
    name = NAMES[modality]
    monkeypatch.chdir(tmp_path)
    assert place_of(modality, name) == name
    (tmp_path / name).mkdir()
    assert place_of(modality, name) == name
    assert place_of(modality, f"./{name}") == place_of(modality, tmp_path / name) == str(tmp_path / name)


def test_what_lies_here_becomes_absolute_and_anything_else_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    assert place_of("image", "mine") == str(tmp_path / "mine")
    assert place_of("image", "torchvision:MNIST") == "torchvision:MNIST"
    assert place_of("image", "nowhere") == "nowhere"


def test_a_recipe_says_so_where_a_folder_is_in_the_shadow(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    recipe = load_recipe("image/digits")
    assert shadowed(recipe) == ()
    (tmp_path / "digits").mkdir()
    assert with_absolute_source(recipe) == recipe
    assert "data.source=./digits" in shadowed(recipe)[0]
    mine = with_absolute_source(load_recipe("image/digits", ["data.source=./digits"]))
    assert mine.data.source == str(tmp_path / "digits")
    assert shadowed(mine) == ()


def test_training_says_which_of_both_it_uses(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ring").mkdir()
    short = ["train.samples=64", "train.batch=32", "train.sheets=0", "train.vitals=0", "train.report=false"]
    run = multigan.train("points/ring", run="run", overrides=short)
    assert "'ring' is the built-in data" in " ".join(capsys.readouterr().err.split())
    assert load_recipe(str(run.folder / "recipe.toml")).data.source == "ring"
