"""A model of one's own through a whole run: trained, resumed, drawn from, though its file is gone."""

import json

import pytest

import multigan
from multigan.core.errors import RecipeError
from multigan.nets import programs

MODEL = """
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 4))
        self.decoder = nn.Sequential(nn.Linear(4, 64), nn.Unflatten(1, (1, 8, 8)), nn.Tanh())


def build():
    return Model()
"""
RECIPE = """title = "mine"
modality = "image"
[data]
source = "digits"
size = 8
[G]
net = "py:model.py:build"
[D]
net = "dcgan"
width = 2
[game]
name = "autoencoding"
loss = "relativistic"
adversary = true
matching = [{ name = "l1" }]
[[phases]]
name = "fit"
turns = ["fit"]
samples = 32
[train]
samples = 32
batch = 8
sheets = 1
checkpoints = 2
report = false
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(programs, "_modules", {})
    monkeypatch.setattr(programs, "_offered", {})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "mine.toml").write_text(RECIPE)
    return multigan.train("mine.toml", run=tmp_path / "run", quiet=True)


def test_it_goes_on_without_its_file(run, tmp_path):
    (tmp_path / "model.py").unlink()
    programs._modules.clear()
    assert (run.folder / "program.py").read_text() == MODEL
    assert json.loads((run.folder / "generator" / "config.json").read_text())["program"] == MODEL
    assert len(run.generator.generate(2, seed=0)) == 2
    assert multigan.resume(run.folder, samples=96, quiet=True).state.samples >= 96


def test_elsewhere_it_has_to_be_trusted(run, tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "other"))
    monkeypatch.setattr(programs, "_modules", {})
    monkeypatch.setattr(programs, "_offered", {})
    with pytest.raises(RecipeError, match="this machine has not trained with") as refused:
        multigan.load(run.folder)
    assert programs._modules == {}
    with pytest.raises(RecipeError, match="this machine has not trained with"):
        multigan.resume(run.folder, quiet=True)
    sha = str(refused.value).partition("MULTIGAN_TRUST=")[2].split()[0]
    monkeypatch.setenv("MULTIGAN_TRUST", sha)
    assert len(multigan.load(run.folder).generate(1)) == 1


def test_where_the_recipe_says_it(run, tmp_path):
    (tmp_path / "mine.toml").write_text(RECIPE.replace("model.py", "other.py"))
    with pytest.raises(
        RecipeError, match=r"mine\.toml:7: (G\.net: )?G\.net = 'py:other\.py:build': there is no such file"
    ):
        multigan.train("mine.toml", run=tmp_path / "run2", quiet=True)
    assert not (tmp_path / "run2").exists()
