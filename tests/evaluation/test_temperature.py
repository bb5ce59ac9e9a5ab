import json
import re
import shutil

import pytest

import multigan
from multigan.core.errors import RunError
from multigan.evaluation.temperature import temperature_curve

SETS = ["G.hidden=16", "D.filters=4", "train.samples=256", "train.batch=64", "train.sheets=0"]
SETS += ['phases=[{name="pretrain", turns=["mle"], samples=6400, lr=0.01}]', "train.vitals=0"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A small run on surnames, with its start."""
    return multigan.train(
        "text/surnames", run=tmp_path_factory.mktemp("r") / "names", overrides=SETS, quiet=True
    ).folder


def test_both_systems_at_every_temperature(run):
    found = temperature_curve(run, temperatures=(0.5, 1.0, 1.5), samples=60, seeds=(0, 1))
    assert json.loads(json.dumps(found)) == found
    assert set(found["systems"]) == {"GAN", "MLE start"}
    for points in found["systems"].values():
        assert [point["lm_nll"] for point in points] == sorted(point["lm_nll"] for point in points)
        assert points[0]["self_bleu_5"] > points[2]["self_bleu_5"]
    assert found["n_fake"] == 60
    assert len(found["verdict"]) == 2


def test_a_start_against_itself_is_within_noise(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "generator")
    shutil.copytree(run / "generator-mle", tmp_path / "run" / "generator")
    with pytest.raises(RunError, match=r"of the likelihood phase alone \(6,400 samples\)"):
        temperature_curve(tmp_path / "run", temperatures=(0.7, 1.0), samples=60)
    config = tmp_path / "run" / "generator" / "config.json"
    config.write_text(config.read_text().replace('"samples_seen": 6400', '"samples_seen": 6656'))
    found = temperature_curve(tmp_path / "run", temperatures=(0.7, 1.0), samples=60)
    assert found["gaps"]["reverse_nll"]["value"] == 0
    assert all("within noise" in line for line in found["verdict"])


def test_runs_that_cannot_be_compared_say_why(run, tmp_path):
    with pytest.raises(RunError, match="no run directory"):
        temperature_curve(tmp_path)
    shutil.copytree(run, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "generator-mle")
    with pytest.raises(RunError, match="kept no generator-mle"):
        temperature_curve(tmp_path / "run")
    shutil.copytree(run / "generator-mle", tmp_path / "run" / "generator-mle")
    recipe = tmp_path / "run" / "recipe.toml"
    recipe.write_text(recipe.read_text().replace('holdout = "auto"', "holdout = 0"))
    with pytest.raises(RunError, match="held no items out"):
        temperature_curve(tmp_path / "run")


def test_a_run_without_its_start_says_which_of_the_reasons_it_is(run, tmp_path):
    folder = tmp_path / "my run"
    shutil.copytree(run, folder)
    shutil.rmtree(folder / "generator-mle")
    config = folder / "generator" / "config.json"
    config.write_text(re.sub(r'"samples_seen": \d+', '"samples_seen": 1280', config.read_text()))
    with pytest.raises(RunError, match=r"not finished .*: 5,120 samples to go;.* --resume '.*my run'\.$"):
        temperature_curve(folder)
    shutil.rmtree(folder / "generator")  # stopped before it was first kept
    with pytest.raises(RunError, match=r"6,400 samples to go"):
        temperature_curve(folder)
    recipe = folder / "recipe.toml"
    recipe.write_text(recipe.read_text().replace('turns = ["mle"]', 'turns = ["d", "g"]'))
    with pytest.raises(RunError, match="has no phase of maximum likelihood in its recipe"):
        temperature_curve(folder)


def test_other_modalities_have_no_temperature(tmp_path):
    sets = ["train.samples=200", "train.batch=100", "train.sheets=0"]
    ring = multigan.train("points/ring", run=tmp_path / "ring", overrides=sets, quiet=True)
    with pytest.raises(RunError, match="is of modality points; expected a generator with a temperature"):
        temperature_curve(ring.folder)
