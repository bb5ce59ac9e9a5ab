"""A run whose best generator is of its pre-training, and all who use that generator."""

import json
import shutil

import pytest

import multigan
from multigan.cli.which import opened
from multigan.core.errors import RunError
from multigan.doctor.likelihood import kept_note, likelihood_note
from multigan.evaluation.run import evaluate
from multigan.evaluation.temperature import temperature_curve
from multigan.publish.card import CardOptions, model_card
from multigan.publish.facts import read_facts
from multigan.publish.novel import Shown

# G stands still after pre-training, and its average with it: what follows is never nearer.
SETS = ["G.hidden=16", "D.filters=4", "train.samples=256", "train.batch=64", "train.sheets=0", "train.vitals=8"]
SETS += ['phases=[{name="pretrain", turns=["mle"], samples=1280, lr=0.01}]', "train.report=false"]
SETS += ["optim.lr=1e-30", "train.ema_halflife_samples=1"]
ALONE = "the best generator is of the likelihood phase alone ("


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The run, and the lines that training said."""
    folder = tmp_path_factory.mktemp("alone") / "names"
    multigan.train("text/surnames", run=folder, overrides=SETS, quiet=True)
    return folder


def test_all_who_use_the_best_say_that_it_is_of_the_likelihood_phase(trained, tmp_path, capsys):
    run = shutil.copytree(trained, tmp_path / "names")
    assert kept_note(run, "best").startswith(ALONE)
    assert "adversarial training has no part in it" in kept_note(run, "best")
    generator = opened(str(run))
    assert ALONE in capsys.readouterr().err
    opened(str(run), "last")
    assert "likelihood" not in capsys.readouterr().err
    card = model_card(generator, read_facts(run), Shown([], 0, 0), CardOptions("me/mine"))
    assert "likelihood phase alone" in card
    found = evaluate(run, samples=100, cache=False)
    assert [line for line in found.warnings if line.startswith(ALONE)]
    assert found.facts["generator"]["likelihood_alone"] is True
    assert "temperature" not in found.curves
    assert not [line for line in found.verdict if "GAN" in line]
    with pytest.raises(RunError, match=r"has no part in it.*--which last"):
        temperature_curve(run, which="best")


def test_training_ends_with_it(tmp_path, capsys):
    multigan.train("text/surnames", run=tmp_path / "run", overrides=SETS)
    said = capsys.readouterr()
    assert ALONE in said.out + said.err


def test_what_the_game_has_touched_is_of_the_game(trained, tmp_path):
    assert kept_note(trained, "last") == ""
    assert "adversarial training began with it" in kept_note(trained, "mle")
    config = json.loads((trained / "generator" / "config.json").read_text())
    assert likelihood_note(trained, "best", config) == ""
    assert likelihood_note(tmp_path, "best", {"samples_seen": 1}) == ""
    assert likelihood_note(trained, "", {"samples_seen": 1}) == ""
    assert likelihood_note(trained, "best", {}) == ""
    assert kept_note(tmp_path, "best") == ""


def test_a_run_that_ended_in_pre_training_has_nothing_else(trained, tmp_path):
    run = shutil.copytree(trained, tmp_path / "names")
    shutil.rmtree(run / "generator")
    shutil.copytree(run / "generator-mle", run / "generator")
    assert kept_note(run, "last").endswith("adversarial training has not begun")
