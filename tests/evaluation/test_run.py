"""The whole of `evaluate` on real runs, and on generators with planted faults."""

import json
from pathlib import Path

import pytest
import torch

import multigan
from multigan.core.errors import DataError, RunError, UnknownNameError
from multigan.evaluation.run import evaluate
from multigan.publish.caution import objections
from multigan.publish.facts import read_facts

KEYS = {"frechet", "frechet_limit", "kernel", "ndb", "precision", "density", "recall", "coverage", "vendi"}
LAYOUT = {
    "multigan_version",
    "created",
    "run",
    "modality",
    "generator",
    "recipe",
    "seed",
    "counts",
    "extractor",
    "seconds",
    "peak_memory_bytes",
    "scores",
    "verdict",
    "warnings",
    "curves",
    "copying",
}


def items_of(subject, items):
    """All chosen reals as one tensor."""
    return torch.cat(list(subject.reals(items)))


@pytest.fixture(scope="module")
def found(ring):
    return evaluate(ring, samples=500, cache=False)


def test_the_file_has_the_layout_that_others_read(found, ring):
    written = json.loads((ring / "evaluation.json").read_text())
    assert written.keys() >= LAYOUT
    assert written == json.loads(json.dumps(found.to_json()))
    assert {score["key"] for score in written["scores"]} >= KEYS | {"copy_test", "unseen_nearest", "modes"}
    assert written["counts"] == {
        "fake": 500,
        "trained": 3800,
        "held_out": 200,
        "compared": 200,
        "compared_with": "held-out",
    }
    assert written["generator"]["weights_sha256"] == multigan.load(ring, "best").config["weights_sha256"]
    assert len(written["extractor"]["sha256"]) == 64
    assert written["peak_memory_bytes"] > 50e6
    assert {"data", "fakes", "reals", "distances", "own", "total"} <= written["seconds"].keys()


def test_the_floor_lies_below_the_score_and_the_score_below_the_baseline(found):
    assert found.score("frechet").value < found.score("frechet").baseline
    for key in ("frechet", "kernel"):
        score = found.score(key)
        assert score.floor < score.value
        assert score.low < score.value < score.high
        assert (score.n_fake, score.n_real, score.extractor) == (200, 200, "default")


def test_the_same_seed_gives_the_same_numbers_with_and_without_cache(ring, copy_of, found, own_cache):
    run = copy_of(ring)
    numbers = [evaluate(run, samples=500).to_json()["scores"] for _ in range(2)]
    assert numbers[0] == numbers[1] == found.to_json()["scores"]
    assert any((own_cache / "features").iterdir())


def test_another_seed_draws_other_fakes(ring, copy_of, found):
    other = evaluate(copy_of(ring), samples=500, seed=1, cache=False)
    assert other.score("frechet").value != found.score("frechet").value


def test_copies_of_trained_items_are_called_memorising(ring, copy_of, plant):
    plant(lambda subject: items_of(subject, subject.split.train[:1000]))
    found = evaluate(copy_of(ring), samples=1000, cache=False)
    assert [line for line in found.warnings if line.startswith("memorising")]
    assert found.to_json()["flags"].keys() == {"memorising"}
    assert [line for line in found.verdict if line.startswith("memorising: YES")]
    assert found.score("unseen_nearest").high < 0.5
    assert found.score("copy_test").value < -3


def test_nearly_copies_of_pictures_are_called_memorising(digits, copy_of, plant):
    plant(lambda subject: items_of(subject, subject.split.train), noise=0.02)
    found = evaluate(copy_of(digits), samples=600, cache=False)
    assert [line for line in found.warnings if line.startswith("memorising")]
    assert found.to_json()["flags"].keys() == {"memorising"}


def test_reals_that_were_never_trained_on_are_not_called_copies_and_reach_the_floor(ring, copy_of, plant):
    fresh = multigan.modalities.get("points").load("ring", n=6000)
    plant(lambda subject: items_of(subject, subject.split.held_out[:0].new_tensor([0])).new_tensor(unseen(fresh)))
    found = evaluate(copy_of(ring), samples=2000, cache=False)
    assert [line for line in found.warnings if line.startswith("memorising")] == []
    assert "no sign" in found.verdict[-1]
    assert "it does not tell fakes from reals" in " ".join(found.verdict)
    assert found.score("frechet").value < 5 * found.score("frechet").floor + 0.01
    assert found.score("high_quality").value > 0.95


def unseen(data):
    points = data.items.points[4000:]
    centre = points.new_tensor(data.spec.meta["centre"])
    return ((points - centre) / data.spec.meta["scale"]).tolist()


def test_one_item_repeated_is_called_collapsed(digits, copy_of, plant):
    plant(lambda subject: items_of(subject, subject.split.train[:1]), noise=1e-3)
    found = evaluate(copy_of(digits), samples=400, cache=False)
    assert "collapsed" in " ".join(found.verdict)
    assert "few kinds, drawn often" in " ".join(found.verdict)
    assert found.score("vendi").value < 1.1 < 2 < found.score("vendi").floor
    assert found.score("ms_ssim").value > 0.99


def test_pictures_have_their_own_scores_with_frames(digits, copy_of):
    found = evaluate(copy_of(digits), samples=300, cache=False)
    score = found.score("sliced_wasserstein")
    assert score.floor < min(score.value, score.baseline)
    assert found.score("ms_ssim").baseline == 1
    assert [line for line in found.warnings if "do not determine" in line] == []  # 300 held out, 256 features


def test_where_too_little_is_held_out_trained_items_are_compared_with_and_it_is_said(digits, copy_of):
    run = copy_of(digits)
    text = (run / "recipe.toml").read_text()
    (run / "recipe.toml").write_text(text.replace("holdout = 300", "holdout = 40"))
    found = evaluate(run, samples=128, extractor="default", cache=False)
    assert found.facts["counts"]["compared_with"] == "trained"
    assert [line for line in found.warnings if line.startswith("40 items are held out, too few")]
    assert [line for line in found.warnings if "the Fréchet distance is mostly bias" in line]


def test_a_run_from_before_anything_was_held_out_has_no_held_out_items(ring, copy_of):
    run = copy_of(ring)
    text = (run / "recipe.toml").read_text()
    (run / "recipe.toml").write_text("".join(line for line in text.splitlines(True) if "holdout" not in line))
    found = evaluate(run, samples=200, cache=False)
    assert found.facts["counts"]["held_out"] == 0
    assert [line for line in found.warnings if "held nothing out" in line]
    assert "cannot be told" in found.verdict[-1]


def test_changed_data_clears_nobody_and_publish_objects(ring, copy_of):
    run = copy_of(ring)
    before = evaluate(run, samples=200, cache=False)
    assert (before.facts["copying"]["told"], before.facts["generator"]["likelihood_alone"]) == (True, False)
    sha256 = before.facts["generator"]["weights_sha256"]
    assert objections(read_facts(run), sha256) == []
    record = (run / "data.json").read_text()
    (run / "data.json").write_text(record.replace('"items": 4000', '"items": 4001'))
    found = evaluate(run, samples=200, cache=False)
    assert "not what it was in training" in found.warnings[0]
    assert found.verdict[-1].startswith("memorising: cannot be told, the data was changed")
    assert found.facts["copying"]["told"] is False
    other, line = objections(read_facts(run), sha256)
    assert other == "the evaluation is beside other data than the run was trained on"
    assert "cannot be told, the data was changed" in line


def test_an_evaluation_that_clears_a_generator_says_that_its_training_was_still_improving(ring, copy_of, plant):
    fresh = multigan.modalities.get("points").load("ring", n=6000)
    plant(lambda subject: items_of(subject, subject.split.held_out[:0].new_tensor([0])).new_tensor(unseen(fresh)))
    run = copy_of(ring)
    told = json.loads((run / "verdict.json").read_text())
    for name, says in (("still improving", True), ("healthy", False)):
        (run / "verdict.json").write_text(json.dumps({**told, "name": name}))
        found = evaluate(run, samples=500, cache=False)
        assert found.facts["health"]["name"] in ("healthy", "cannot be told")
        assert any(line.startswith("training: still improving") for line in found.verdict) is says
    (run / "verdict.json").write_text("{")
    assert evaluate(run, samples=500, cache=False).verdict  # what is damaged there is the doctor's to say


def test_no_run_no_such_generator_and_too_few_samples_are_errors(ring, tmp_path):
    with pytest.raises(RunError, match="is no run directory"):
        evaluate(tmp_path)
    with pytest.raises(UnknownNameError, match="best"):
        evaluate(ring, which="bset")
    with pytest.raises(DataError, match="--samples"):
        evaluate(ring, samples=10)
    with pytest.raises(UnknownNameError, match="default"):
        evaluate(ring, samples=200, extractor="defualt")


def test_an_interrupt_leaves_the_old_file_whole(ring, copy_of, found, monkeypatch):
    run = copy_of(ring)
    before = (run / "evaluation.json").read_bytes()

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("multigan.evaluation.run.copying", stop)
    with pytest.raises(KeyboardInterrupt):
        evaluate(run, samples=200, cache=False)
    assert (run / "evaluation.json").read_bytes() == before
    assert list(Path(run).glob(".new*")) == []


def test_fakes_that_are_not_finite_are_an_error(ring, copy_of, plant):
    plant(lambda subject: torch.full((4, 2), torch.nan))
    with pytest.raises(DataError, match="fakes have features that are not finite"):
        evaluate(copy_of(ring), samples=200, cache=False)


def test_how_many_fakes_are_drawn_is_said_where_nobody_chose(digits):
    said = []
    found = evaluate(digits, cache=False, say=said.append)
    assert found.facts["counts"]["fake"] == 4 * 1797
    assert any(
        line.startswith("drawing 7,188 fakes for 1,797 items (--samples N for another number);") for line in said
    )
