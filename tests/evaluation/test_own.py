"""What a modality says of its own: on a tiny text run, and modalities that say little."""

import json
import math
import shutil

import pytest
import torch

from multigan.evaluation.own import LIKELY_ITEMS, own_curve, own_rows
from multigan.evaluation.run import evaluate
from multigan.evaluation.sets import choose
from multigan.evaluation.subject import load_subject
from multigan.evaluation.temperature import CURVE_KEYS
from multigan.metrics.rows import TAKEN
from multigan.plugins import modalities
from multigan.plugins.abilities import Likely, Scores, able
from multigan.testing.kit import run_checks
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
    rows = {row.key: row for row in own_rows(subject, choose(subject, 100, None, 0), 100, 0).scores}
    assert {"bleu_4", "self_bleu_4", "nll_test"} <= rows.keys()
    assert rows["nll_test"].n_real == 100
    assert 1 < rows["nll_test"].value < math.log(40)


def test_likelihoods_are_of_held_out_items_alone(names, monkeypatch):
    subject = load_subject(names, "last")
    seen = []
    kind = type(subject.generator.modality)
    monkeypatch.setattr(kind, "own_scores", lambda *_: [])
    monkeypatch.setattr(kind, "model_scores", lambda self, net, real, spec: seen.append(real) or [])
    assert own_rows(subject, choose(subject, 100, None, 0), 100, 0) == ([], [])
    chosen = choose(subject, 100, None, 0).held_out[:LIKELY_ITEMS]
    torch.testing.assert_close(seen[0], torch.cat(list(subject.reals(chosen))))
    assert not set(chosen.tolist()) & set(subject.split.train.tolist())


def test_points_have_no_likelihood(ring):
    assert not able(modalities.get("points"), Likely)
    subject = load_subject(ring, "last")
    assert own_curve(subject, 0) == {}
    assert "nll_test" not in {row.key for row in own_rows(subject, choose(subject, 100, None, 0), 100, 0).scores}


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
    whole = dict.fromkeys(CURVE_KEYS, 2.0)
    never = {"temperature": {**whole, "gaps": {"x": {"value": math.nan, "quality": (math.nan, 1.0)}}}}
    subject = load_subject(names, "last")
    monkeypatch.setattr(type(subject.generator.modality), "own_curves", lambda *_, **__: never)
    found = own_curve(subject, 0)
    assert found == {**whole, "gaps": {"x": {"value": None, "quality": [None, 1.0]}}}
    json.dumps(found, allow_nan=False)


PLANTED = [
    {"key": "good", "title": "good", "group": "quality", "value": 1.0, "better": "none"},
    {"key": "bad", "title": "bad", "group": "quality", "value": math.nan, "better": "none"},
    {"key": "good", "title": "again", "group": "quality", "value": 2.0, "better": "none"},
    {"key": "modes", "value": 8},
]


def test_rows_that_are_none_are_named_and_the_rest_of_the_evaluation_is_there(ring, monkeypatch, tmp_path):
    run = shutil.copytree(ring, tmp_path / "run")
    monkeypatch.setattr(type(modalities.get("points")), "own_scores", lambda *_: PLANTED)
    found = evaluate(run, samples=100, which="last", cache=False)
    assert found.score("good").value == 1.0
    assert {"frechet", "vendi"} <= {score.key for score in found.scores}
    said = [line for line in found.warnings if line.startswith("modality 'points': own_scores gives")]
    assert [line.split(" gives ")[1][:12] for line in said] == ["'bad' with v", "'good' (row ", "'modes' (row"]
    kept = json.loads((run / "evaluation.json").read_text(), parse_constant=pytest.fail)
    assert kept["warnings"] == list(found.warnings)
    # What an evaluation leaves out, the kit refuses.
    (result,) = [one for one in run_checks(modalities.get("points")) if one.name == "scores"]
    assert result.state == "failed"
    assert result.message == said[0]


def test_an_evaluation_has_no_other_keys_than_are_taken_and_its_modalitys(ring, monkeypatch, tmp_path):
    monkeypatch.setattr(type(modalities.get("points")), "own_scores", lambda *_: [])
    run = shutil.copytree(ring, tmp_path / "run")
    found = evaluate(run, samples=100, which="last", cache=False, extractor="classifier")
    assert {score.key for score in found.scores} <= TAKEN
    assert {"class_score", "frechet"} <= {score.key for score in found.scores}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda *_, **__: None, "own_curves gives NoneType; expected a mapping"),
        (lambda *_, **__: {"temperature": {"real": 1}}, "gives a temperature without systems, temperatures"),
        (lambda *_, **__: {"temperature": {key: {1} for key in CURVE_KEYS}}, "own_curves gives no JSON"),
        (lambda *_, **__: 1 / 0, "modality 'text' fails in own_curves: ZeroDivisionError"),
    ],
)
def test_curves_that_are_none_are_a_line_of_the_evaluation(names, tmp_path, monkeypatch, given, said):
    run = shutil.copytree(names, tmp_path / "run")
    monkeypatch.setattr(type(modalities.get("text")), "own_curves", given)
    found = evaluate(run, samples=100, which="last", cache=False)
    assert any(said in line for line in found.warnings)
    assert "temperature" not in found.curves
    assert "bleu_4" in {score.key for score in found.scores}
