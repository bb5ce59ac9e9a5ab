import json
import shutil
from functools import partial

import pytest

import multigan
from multigan.build import check
from multigan.core.errors import CheckpointError, MultiGANError, RecipeError
from multigan.core.later import by_later
from multigan.core.version import __version__
from multigan.recipe.recipe import load_recipe
from multigan.run.files import read_run_file


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('{"multigan_version": "99.2.0"}', True),
        ('{"multigan_version": "99.2.0.dev1+abc"}', True),
        (json.dumps({"multigan_version": __version__}), False),
        ('{"multigan_version": "0.0.9"}', False),
        ('{"multigan_version": "\\u001b99"}', False),
        ('{"multigan_version": 99}', False),
        ("[99]", False),
        ("{", False),
        ("", False),
    ],
)
def test_only_files_of_a_later_version_are_told_so(tmp_path, written, told):
    (tmp_path / "run.json").write_text(written)
    with pytest.raises(RecipeError) as caught, by_later(tmp_path / "run.json"):
        raise RecipeError("game.new is no option here", "", "choose from old", key=["game"])
    if told:
        assert "here (written by MultiGAN 99.2.0" in caught.value.given
        assert caught.value.fix == "upgrade MultiGAN"
        assert f"this is {__version__})" in str(caught.value)
    else:
        assert caught.value.fix == "choose from old"
    assert caught.value.key == ("game",)


def test_it_is_said_once_and_not_without_a_file(tmp_path):
    (tmp_path / "run.json").write_text('{"multigan_version": "99.2.0"}')
    with pytest.raises(CheckpointError) as caught, by_later(tmp_path / "run.json"), by_later(tmp_path / "run.json"):
        raise CheckpointError("it has format 2", "format 1", "start a new run")
    assert str(caught.value).count("99.2.0") == 1
    with pytest.raises(CheckpointError, match="start a new run"), by_later(tmp_path / "none.json"):
        raise CheckpointError("it has format 2", "format 1", "start a new run")


@pytest.mark.parametrize("what", ["recipe", "net", "checkpoint", "facts"])
def test_a_run_of_a_later_version_is_told_to_be_one(tiny_runs, tmp_path, what):
    run = shutil.copytree(tiny_runs("points/ring"), tmp_path / "run")
    for path in (run / "run.json", run / "generator" / "config.json"):
        path.write_text(path.read_text().replace(f'"{__version__}"', '"99.2.0"'))
    if what == "recipe":
        path = run / "recipe.toml"
        path.write_text(path.read_text().replace("[game]", "[game]\nnew = 3"))
    elif what == "net":
        path = run / "generator" / "config.json"
        path.write_text(path.read_text().replace('"options": {', '"options": {"new": 3, '))
    elif what == "facts":
        (run / "run.json").write_text('{"multigan_version": "99.2.0", "data": {"new": 1}}')
    for path in run.glob("checkpoints/*/state.json") if what == "checkpoint" else ():
        path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    deeds = {"net": lambda: multigan.load(run), "facts": lambda: read_run_file(run, "run.json")}
    resume = partial(multigan.resume, run, samples=128, quiet=True)
    with pytest.raises(MultiGANError, match=r"written by MultiGAN 99\.2\.0; this is .*upgrade"):
        deeds.get(what, resume)()


@pytest.mark.parametrize("key", ["new = 3", "[D]\nnew = 3"])
def test_a_recipe_beside_a_run_of_a_later_version_is_told_to_be_of_one(tiny_runs, tmp_path, key):
    run = shutil.copytree(tiny_runs("points/ring"), tmp_path / "run")
    path = run / "run.json"
    path.write_text(path.read_text().replace(f'"{__version__}"', '"99.2.0"'))
    recipe, table = run / "recipe.toml", "[D]" if "D" in key else "[game]"
    recipe.write_text(recipe.read_text().replace(table, f"{table}\n{key.removeprefix('[D]')}"))
    with pytest.raises(MultiGANError, match=r"recipe\.toml:\d+: .*\(written by MultiGAN 99\.2\.0; this is .*upgrade"):
        check(load_recipe(str(recipe)))


def test_what_is_typed_is_not_the_later_version_s(tiny_runs, tmp_path):
    run = shutil.copytree(tiny_runs("points/ring"), tmp_path / "run")
    path = run / "run.json"
    path.write_text(path.read_text().replace(f'"{__version__}"', '"99.2.0"'))
    with pytest.raises(MultiGANError, match=r"^--set train\.typo=1: unknown key 'train\.typo'; choose from"):
        load_recipe(str(run / "recipe.toml"), ["train.typo=1"])
