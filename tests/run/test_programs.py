"""A model of one's own through a whole run: trained, resumed, drawn from, though its file is gone."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

import multigan
from multigan.core.errors import RecipeError
from multigan.engine.trainer import Trainer
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
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(programs, "_modules", {})
    monkeypatch.setattr(programs, "_offered", {})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "mine.toml").write_text(RECIPE)
    return tmp_path


@pytest.fixture
def run(place, tmp_path):
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


def weights(**changed):
    layers = {"encoder.1": nn.Linear(64, 4), "decoder.0": nn.Linear(4, 64)}
    own = {f"{at}.{key}": value for at, layer in layers.items() for key, value in layer.state_dict().items()}
    return {**own, **changed}


def test_it_begins_with_its_weights_once(place, monkeypatch):
    seen, fit = [], Trainer.fit

    def looked_at(trainer):
        seen.append({key: value.clone() for key, value in trainer.game.players["G"].net.state_dict().items()})
        seen.append({key: value.clone() for key, value in trainer.ema.net.net.state_dict().items()})
        return fit(trainer)

    monkeypatch.setattr(Trainer, "fit", looked_at)
    own = weights()
    save_file(own, place / "w.safetensors")
    run = multigan.train("mine.toml", run=place / "run", overrides=["G.weights=w.safetensors"], quiet=True)
    for first in seen:
        assert first.keys() == own.keys()
        assert all(torch.equal(first[key], own[key]) for key in own)
    trained = load_file(run.folder / "generator" / "generator.safetensors")
    assert not torch.equal(trained["net.encoder.1.weight"], own["encoder.1.weight"])
    (place / "w.safetensors").unlink()
    read = multigan.load(run.folder, "last").net.net.state_dict()
    assert torch.equal(read["encoder.1.weight"], trained["net.encoder.1.weight"])
    seen.clear()
    multigan.resume(run.folder, samples=96, quiet=True)
    assert not torch.equal(seen[0]["encoder.1.weight"], own["encoder.1.weight"])


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"junk", "expected a safetensors file"),
        (None, "it is a folder; expected a safetensors file"),
        ({"decoder.0.bias": torch.zeros(3)}, r"decoder\.0\.bias is \(3,\) where the model of model\.py:12 has \(64,\)"),
        ({"decoder.0.bias": torch.full((64,), torch.nan)}, r"decoder\.0\.bias holds NaN or infinity"),
        ({"decoder.0.bias": torch.zeros(64, dtype=torch.int8)}, r"decoder\.0\.bias is torch\.int8 where"),
        ({"more": torch.zeros(3)}, "more is none of the model's; expected the weights of that model"),
    ],
)
def test_weights_are_refused_before_data_is_read(place, monkeypatch, written, words):
    monkeypatch.setattr("multigan.build.read_data", lambda *given: pytest.fail("it reads data"))
    file = place / "w.safetensors"
    if isinstance(written, dict):
        save_file(weights(**written), file)
    elif written is None:
        file.mkdir()
    else:
        file.write_bytes(written)
    with pytest.raises(RecipeError, match=r"G\.weights = 'w\.safetensors': .*" + words):
        multigan.train("mine.toml", run=place / "run", overrides=["G.weights=w.safetensors"], quiet=True)
    assert not (place / "run").exists()


EVIL = (
    MODEL
    + """
from pathlib import Path

Path("marker").touch()
"""
)


@pytest.mark.parametrize("where", ["evil.py", "{folder}/evil.py"])
def test_a_run_of_others_runs_no_file_by_its_path(run, tmp_path, where):
    (tmp_path / "evil.py").write_text(EVIL)
    recipe, path = run.folder / "recipe.toml", where.format(folder=tmp_path)
    pinned = next(part for part in recipe.read_text().split('"') if part.startswith("py:"))
    recipe.write_text(recipe.read_text().replace(pinned, f"py:{path}:build"))
    for verb in (multigan.resume, multigan.evaluate):
        with pytest.raises(RecipeError, match=r"recipe\.toml:\d+: .*not the one that was trained with"):
            verb(run.folder)
    assert not (tmp_path / "marker").exists()
