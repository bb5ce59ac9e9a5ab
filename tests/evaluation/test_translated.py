"""A translator that is evaluated: what stands in its file, beside which rivals, and on the page."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from multigan.core.errors import DataError
from multigan.evaluation.run import evaluate
from multigan.evaluation.score import Score
from multigan.evaluation.subject import load_subject
from multigan.evaluation.translated import (
    GENERATOR,
    Systems,
    compared,
    pairs_of,
    systems_of,
    translation_scores,
)
from multigan.report.write import write_report
from multigan.training import train


@pytest.fixture(scope="module")
def judged(negatives):
    return evaluate(negatives.folder, cache=False)


def test_every_score_stands_beside_the_rival_with_its_interval(judged):
    rows = {score.key: score for score in judged.scores}
    assert set(rows) == {"l1", "psnr", "sharpness", "patch_distance", "chroma", "kernel"}
    for score in rows.values():
        assert score.low <= score.value <= score.high
        assert (score.baseline_note, score.n_fake, score.n_real) == ("the input as it is", 16, 16)
        assert "fit alone: " in score.note
    assert rows["sharpness"].floor == 1
    assert rows["sharpness"].baseline == pytest.approx(1, abs=0.05)  # a negative is as sharp
    assert rows["patch_distance"].floor_note.startswith("other targets")
    assert judged.facts["counts"]["compared_with"] == "held-out"


def test_a_verdict_is_told(judged):
    assert judged.facts["health"]["name"] == "too short to say"
    assert judged.flags == {}


def test_the_numbers_are_those_of_the_outputs(judged, negatives):
    subject = load_subject(negatives.folder, "best")
    pairs = pairs_of(subject, 1000)
    systems = systems_of(subject, pairs, 0)
    assert list(systems.made) == ["generator", "the input as it is", "fit alone"]
    held_out = subject.split.held_out
    assert torch.equal(pairs.items.sort().values, held_out[held_out < 40])  # the rest are their mirror images
    by_hand = (systems.made["generator"] - pairs.real).abs().mean().item()
    assert judged.score("l1").value == pytest.approx(by_hand, rel=1e-5)
    assert torch.allclose(pairs.source, -pairs.real, atol=1e-2)
    assert systems.notes["fit alone"] == "after 16 samples, where the generator has seen 32"


def test_outputs_that_are_their_targets_are_no_nearer_than_other_targets(negatives):
    subject, random = load_subject(negatives.folder, "best"), torch.Generator().manual_seed(0)
    spread = 0.5 * torch.randn(400, *subject.data.spec.shape, generator=random)
    pairs = pairs_of(subject, 1000)
    pairs = replace(pairs, items=torch.arange(200), source=spread[:200], real=spread[:200])
    extractor = Pixels()
    scores, _ = translation_scores(subject, pairs, Systems({GENERATOR: spread[:200]}, "", {}), extractor, spread[200:])
    kernel = next(score for score in scores if score.key == "kernel")
    assert kernel.low < 0 < kernel.high  # with each output beside its own target it was surely below 0


class Pixels:
    name = "pixels"

    def __call__(self, x):
        return x.flatten(1)[:, :8]


def test_the_file_and_the_page(judged, negatives):
    found = json.loads((negatives.folder / "evaluation.json").read_text())["curves"]["translation"]
    assert found["n"] == 16
    assert set(found["systems"]) == {"generator", "the input as it is", "fit alone"}
    assert len(found["worst"]["items"]) == 8
    assert len([line for line in judged.verdict if line.startswith("beside ")]) == 2
    page = write_report(negatives.folder).read_text()
    for words in ("Worst items", "Beside others", "fit alone", "the input as it is", "L1 distance to the target"):
        assert words in page
    assert page.count("<svg") >= 2


def test_the_fit_alone_has_no_twin(negatives):
    found = evaluate(negatives.folder, which="fit", cache=False)
    assert set(found.curves["translation"]["systems"]) == {"generator", "the input as it is"}
    evaluate(negatives.folder, cache=False)


@pytest.mark.parametrize("more", [[], ["data.jitter=1"]])
def test_a_mirrored_pair_is_no_further_one(negatives, tmp_path, more):
    sets = [f'data.source="{negatives.folder.parent / "pairs"}"', "data.holdout=16", "G.width=2", "D.width=2"]
    sets += ["train.batch=8", "train.samples=16", "train.vitals=0", "train.sheets=0", "phases=[]", "train.report=false"]
    train("image/pairs", run=tmp_path / "run", overrides=[*sets, "data.flip=true", *more], quiet=True)
    told = []
    found = evaluate(tmp_path / "run", cache=False, say=told.append)
    assert found.curves["translation"]["n"] == found.score("l1").n_real == 8
    assert max(load_subject(tmp_path / "run", "last").split.held_out) >= 40  # its mirror images are held out with it
    assert "outputs for 8 inputs, beside their targets (a mirrored pair is no further one)" in told


def test_what_was_degraded_is_degraded_again(tmp_path):
    sets = ["G.width=2", "D.width=2", "train.batch=8", "train.samples=16", "train.vitals=0", "train.sheets=0"]
    sets += ["phases=[]", "data.holdout=32", "train.report=false"]
    train("image/upscale", run=tmp_path / "run", overrides=sets, quiet=True)
    again = evaluate(tmp_path / "run", cache=False).score("again")
    assert again.value > 15
    assert again.baseline_note == "bicubic interpolation"
    assert "degraded again" in write_report(tmp_path / "run").read_text()


def test_without_pairs_nothing_is_compared(tmp_path):
    small = ["G.width=4", "G.blocks=1", "D.width=4", "train.samples=16", "train.batch=8", "train.vitals=0"]
    run = train("image/unpaired", run=tmp_path / "run", overrides=[*small, "train.report=false"], quiet=True)
    with pytest.raises(DataError, match="two sets without pairs: no output has a target"):
        evaluate(run.folder, cache=False)


@pytest.mark.parametrize(
    ("own", "other", "better", "said"),
    [
        (0.2049999, 0.205, "lower", "the same"),
        (0.1, 0.2, "lower", "better"),
        (0.2, 0.1, "higher", "better"),
        (0.2, 0.1, "lower", "no better"),
        (1.1, 0.8, "near floor", "better"),
    ],
)
def test_equal_scores_are_told_to_be_the_same(own, other, better, said):
    assert beside_the_fit(own, other, better) == f"beside fit alone: X {own:.4g} against {other:.4g} ({said})"


@pytest.mark.parametrize(("ends", "said"), [((0.05, 0.25), "within noise"), ((0.05, 0.15), "better")])
def test_a_score_within_the_interval_of_another_is_not_better(ends, said):
    assert beside_the_fit(0.1, 0.2, "lower", *ends).endswith(f"({said})")


def test_of_how_various_outputs_are_none_is_better():
    row = {"value": 0.5, "low": None, "high": None}
    systems = SimpleNamespace(made={GENERATOR: None, "a rival": None}, notes={})
    groups = {"x": "quality", "y": "diversity"}
    scores = [Score(key, key, group, 0.5, "higher") for key, group in groups.items()]
    table = {name: {"x": row, "y": row} for name in systems.made}
    assert compared(scores, systems, table) == ["beside a rival: x 0.5 against 0.5 (the same)"]


def beside_the_fit(own, other, better, low=None, high=None):
    ends = {"low": low, "high": high}
    table = {GENERATOR: {"x": {"value": own, **ends}}, "fit alone": {"x": {"value": other, **ends}}}
    systems = SimpleNamespace(made={GENERATOR: None, "fit alone": None}, notes={})
    (line,) = compared([Score("x", "X", "similarity", own, better)], systems, table)
    return line
