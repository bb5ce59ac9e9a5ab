"""What a critic begins with."""

import shutil

import pytest
import torch

import multigan
from multigan.core.errors import CheckpointError
from multigan.recipe.recipe import load_recipe
from multigan.refinement import start as starts
from multigan.refinement.start import other_starts, start_of

BRIEF = ["train.samples=256", "train.vitals=0", "train.sheets=0", "train.report=false", "train.checkpoints=1"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("start") / "run"
    multigan.train("points/ring", run=folder, overrides=BRIEF, quiet=True)
    return folder


def begun(folder, start, seed=0):
    return start_of(folder, load_recipe(str(folder / "recipe.toml")), multigan.load(folder, which="last"), start, seed)


def test_the_last_weights_are_those_of_the_newest_checkpoint(run):
    found = begun(run, "last")
    assert found.words == "D's last weights"
    fresh = begun(run, "fresh").net.state_dict()
    assert any(not torch.equal(value, fresh[name]) for name, value in found.net.state_dict().items())
    again = begun(run, "last", seed=9).net.state_dict()
    assert all(torch.equal(value, again[name]) for name, value in found.net.state_dict().items())


def test_new_weights_are_those_of_the_seed(run):
    one, same, other = (begun(run, "fresh", seed).net.state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)


def test_a_run_without_whole_weights_of_d_says_what_to_type(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "checkpoints")
    with pytest.raises(CheckpointError, match="--start fresh"):
        begun(tmp_path / "run", "last")
    assert begun(tmp_path / "run", "judge").words == "a new judge"


def test_the_weights_of_a_d_that_never_played_are_no_knowledge(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    metrics = tmp_path / "run" / "metrics.jsonl"
    metrics.write_text(metrics.read_text().replace("loss/D", "loss/other"))
    assert starts._played(run)
    assert not starts._played(tmp_path / "run")


def test_what_else_there_is_to_begin_with(run, tmp_path):
    small = ["G.hidden=8", "G.embed=4", "D.filters=4", "phases=[]", "train.samples=8", "train.batch=8", *BRIEF[1:]]
    names = multigan.train("text/surnames", run=tmp_path / "run", overrides=small, quiet=True).folder
    assert other_starts(multigan.load(names, which="last"), "last") == ["insight", "fresh"]
    assert other_starts(multigan.load(run, which="last"), "judge") == ["fresh"]
