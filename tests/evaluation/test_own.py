"""What a modality says of its own: on a tiny text run, and modalities that say little."""

import json
import math
import shutil

import pytest
import torch

from multigan.core.errors import PluginError
from multigan.evaluation.own import LIKELY_ITEMS, own_curve, own_rows
from multigan.evaluation.run import evaluate
from multigan.evaluation.sets import choose
from multigan.evaluation.subject import load_subject
from multigan.plugins import modalities
from multigan.plugins.abilities import Likely, Scores, able
from multigan.training import train

SETS = ["G.hidden=16", "D.filters=4", "train.samples=256", "train.batch=64", "train.sheets=0", "train.vitals=0"]
SETS += ['phases=[{name="pretrain", turns=["mle"], samples=6400, lr=0.01}]', "train.report=false"]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """A run on surnames, with its maximum-likelihood start."""
    folder = tmp_path_factory.mktemp("own") / "names"
    train("text/surnames", run=folder, overrides=SETS, quiet=True)
    return folder


@pytest.fixture
def small(monkeypatch):
    """A curve of few samples."""
    monkeypatch.setattr("multigan.evaluation.own.CURVE", {"temperatures": (0.5, 1.0), "samples": 40})


def test_texts_have_rendered_scores_and_a_likelihood(names):
    subject = load_subject(names, "last")
    assert able(subject.generator.modality, Scores)
    assert able(subject.generator.modality, Likely)
    rows = {row.key: row for row in own_rows(subject, choose(subject, 100, None, 0), 100, 0)}
    assert {"bleu_4", "self_bleu_4", "nll_test"} <= rows.keys()
    assert rows["nll_test"].n_real == 100
    assert 1 < rows["nll_test"].value < math.log(40)


def test_likelihoods_are_of_held_out_items_alone(names, monkeypatch):
    subject = load_subject(names, "last")
    seen = []
    kind = type(subject.generator.modality)
    monkeypatch.setattr(kind, "own_scores", lambda *_: [])
    monkeypatch.setattr(kind, "model_scores", lambda self, net, real, spec: seen.append(real) or [])
    assert own_rows(subject, choose(subject, 100, None, 0), 100, 0) == []
    chosen = choose(subject, 100, None, 0).held_out[:LIKELY_ITEMS]
    torch.testing.assert_close(seen[0], torch.cat(list(subject.reals(chosen))))
    assert not set(chosen.tolist()) & set(subject.split.train.tolist())


def test_points_have_no_likelihood(ring):
    assert not able(modalities.get("points"), Likely)
    subject = load_subject(ring, "last")
    assert own_curve(subject, 0) == {}
    assert "nll_test" not in {row.key for row in own_rows(subject, choose(subject, 100, None, 0), 100, 0)}


def test_an_evaluation_holds_the_curve_and_says_its_verdict(names, tmp_path, small):
    run = shutil.copytree(names, tmp_path / "run")
    found = evaluate(run, samples=100, which="last", cache=False, seed=3)
    curve = json.loads((run / "evaluation.json").read_text())["curves"]["temperature"]
    assert set(curve["systems"]) == {"GAN", "MLE start"}
    assert curve["seeds"] == [3, 4]
    assert curve["n_fake"] == 40
    assert len(curve["verdict"]) == 2
    assert list(found.verdict[-2:]) == curve["verdict"]
    assert found.facts["seconds"]["temperature"] > 0


def test_without_a_start_or_when_unwanted_there_is_none(names, tmp_path, small):
    run = shutil.copytree(names, tmp_path / "run")
    assert "temperature" not in evaluate(run, samples=100, which="last", cache=False, curve=False).curves
    shutil.rmtree(run / "generator-mle")
    assert own_curve(load_subject(run, "last"), 0) == {}


def test_numbers_that_do_not_exist_are_null(names, monkeypatch):
    never = {"temperature": {"gaps": {"x": {"value": math.nan, "quality": (math.nan, 1.0)}}, "real": 2.0}}
    subject = load_subject(names, "last")
    monkeypatch.setattr(type(subject.generator.modality), "own_curves", lambda *_, **__: never)
    found = own_curve(subject, 0)
    assert found == {"gaps": {"x": {"value": None, "quality": [None, 1.0]}}, "real": 2.0}
    json.dumps(found, allow_nan=False)


def test_a_row_that_is_none_is_named_and_no_traceback(ring, monkeypatch):
    subject = load_subject(ring, "last")
    monkeypatch.setattr(type(subject.generator.modality), "own_scores", lambda *_: [{"key": "modes", "value": 8}])
    with pytest.raises(PluginError, match="modality 'points': own_scores gives 'modes' with title = None"):
        own_rows(subject, choose(subject, 100, None, 0), 100, 0)
