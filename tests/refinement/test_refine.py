"""The whole of `refine` on real, small runs of every kind of sample."""

import hashlib
import json
import shutil
import subprocess
import sys
import threading

import pytest
import torch

import multigan
from multigan.core.errors import CheckpointError, DataError, MultiGANError, RecipeError, RunError, UnknownNameError
from multigan.refinement.learning import Learning
from multigan.refinement.refine import refine
from multigan.training import train


def sums(folder):
    """Checksums of all files of a run, by name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def high_quality(generator, n=2000):
    modality, spec = generator.modality, generator.spec
    rows = modality.own_scores(generator.generate(n, seed=1), generator.generate(n, seed=2), [], spec)
    return {row["key"]: row["value"] for row in rows}["high_quality"]


def test_more_samples_are_good_and_the_frame_says_how(refined_ring):
    facts = json.loads((refined_ring / "refined" / "refined.json").read_text())
    assert facts["split"] == {"stop": 100, "calibrate": 100, "judge": 200}
    assert facts["log_loss"]["calibrated"] < 0.69
    assert facts["start"] == "a new judge"
    plain, refined = multigan.load(refined_ring), multigan.load(refined_ring, refined=True)
    assert high_quality(refined) > 1.2 * high_quality(plain)


def test_nothing_else_of_the_run_changes(short_ring, refined_ring):
    after = {name: sum_ for name, sum_ in sums(refined_ring).items() if not name.startswith("refined/")}
    assert after == sums(short_ring)


def test_the_same_seed_gives_the_same_bytes(short_ring, tmp_path):
    made = []
    for name in ("one", "two"):
        shutil.copytree(short_ring, tmp_path / name)
        made.append(refine(tmp_path / name, samples=3_000, seed=3))
    assert made[0].critic_sha256 == made[1].critic_sha256
    one, two = ((tmp_path / name / "refined" / "critic.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("recipe", ["image/digits", "text/surnames"])
def test_every_modality_is_refined_or_told_that_nothing_was_learnt(recipe, tiny_runs, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(tiny_runs(recipe), folder)
    made = refine(folder, samples=640, lr=2e-3)
    assert made.start == "D's last weights"
    generator = multigan.load(folder, refined=True, acceptance=0.5)
    assert generator.tensors(5, seed=0).shape == (5, *generator.spec.shape)
    assert 0.1 < generator.tally.acceptance <= 1


def test_an_interrupted_call_leaves_the_run_as_it_was(short_ring, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    shutil.copytree(short_ring, folder)
    before = sums(folder)

    def stopped(self, trainer, parts):
        raise KeyboardInterrupt

    monkeypatch.setattr(Learning, "stepped", stopped)
    with pytest.raises(KeyboardInterrupt):
        refine(folder, samples=3_000)
    assert sums(folder) == before


def test_two_at_once_are_told_what_to_type(short_ring):
    """Another process holds the run."""
    code = "import sys, time; from pathlib import Path; from multigan.run.lock import RunLock; "
    code += "lock = RunLock.take(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, str(short_ring)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        try:
            with pytest.raises(RunError, match="multigan refine"):
                refine(short_ring, samples=1000)
        finally:
            other.kill()


def test_a_budget_in_minutes_ends_it(short_ring, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(short_ring, folder)
    made = refine(folder, samples=10_000_000, minutes=0.03)
    assert made.ended == "the time was up"
    assert made.samples < 10_000_000


def test_what_is_wrong_is_said_in_words(short_ring, tmp_path):
    with pytest.raises(UnknownNameError, match="fresh"):
        refine(short_ring, start="frsh")
    for minutes in (0, 1e30, float("nan")):
        with pytest.raises(RecipeError, match=r"minutes .*; expected more than 0, at most a year"):
            refine(short_ring, minutes=minutes)
    with pytest.raises(RunError, match="no run directory"):
        refine(tmp_path)
    with pytest.raises(CheckpointError) as refused:
        multigan.load(short_ring, refined=True)
    assert refused.value.fix == f"type multigan refine {short_ring}"
    plain = multigan.load(short_ring).save_pretrained(tmp_path / "saved")
    with pytest.raises(CheckpointError) as refused:
        multigan.load(plain, refined=True)
    assert refused.value.fix == "type multigan refine RUN"  # the folder of a generator is none


def test_a_run_that_holds_nothing_out_is_told_what_it_can_spare(tmp_path):
    overrides = ["data.n=140", "train.samples=64", "train.batch=16", "data.holdout=0"]
    train("points/ring", run=tmp_path / "run", overrides=overrides, quiet=True)
    with pytest.raises(DataError, match="0 items are held out") as refused:
        refine(tmp_path / "run")
    assert refused.value.fix == "train again with --set data.holdout=70"


def test_a_critic_that_learnt_nothing_is_not_kept(short_ring, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(short_ring, folder)
    with pytest.raises(DataError, match="by chance") as refused:
        refine(folder, samples=256, lr=1e-9)
    assert not (folder / "refined").exists()
    assert "--samples 512 or --start fresh" in refused.value.fix
    assert "--start judge" not in refused.value.fix  # what vectors begin with anyhow


def test_a_critic_whose_time_was_up_is_given_more_of_it(short_ring, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(short_ring, folder)
    with pytest.raises(DataError, match="by chance") as refused:
        refine(folder, samples=10_000_000, minutes=1e-4, lr=1e-9)
    assert "--minutes 0.0002 or --start" in refused.value.fix
    assert "--samples" not in refused.value.fix


def test_looking_takes_no_part_in_learning(refined_ring):
    history = json.loads((refined_ring / "refined" / "refined.json").read_text())["history"]
    assert history[0]["samples"] == 0
    assert min(row["loss"] for row in history) < history[0]["loss"]
    assert threading.active_count() < 20
    assert torch.is_grad_enabled()


@pytest.fixture(scope="module")
def insightful(tmp_path_factory):
    """A run of surnames whose critic reads with the generator's eyes, and learnt from what that never saw."""
    folder = tmp_path_factory.mktemp("insight") / "run"
    small = ["G.hidden=16", "G.embed=8", "D.filters=4", "train.batch=32", "train.vitals=0", "train.sheets=0"]
    small += ["data.holdout=600", "phases.pretrain.samples=3200", "train.samples=64", "train.report=false"]
    multigan.train("text/surnames", run=folder, overrides=small, quiet=True)
    refine(folder, which="last", start="insight", reals="held-out", samples=12_000)
    return folder


def test_a_critic_with_insight_learns_from_reals_that_the_generator_never_saw(insightful):
    facts = json.loads((insightful / "refined" / "refined.json").read_text())
    assert facts["split"] == {"stop": 60, "calibrate": 60, "judge": 300, "learn": 180}
    assert facts["net"]["kind"] == "insight"
    assert facts["log_loss"]["calibrated"] < 0.69
    plain = multigan.load(insightful, "last")
    refined = multigan.load(insightful, "last", refined=True, acceptance=0.3)
    weights = plain.net.state_dict()
    assert all(torch.equal(value, weights[name]) for name, value in refined.critic.net.reader.state_dict().items())
    assert len(refined.generate(8, seed=1)) == 8


def test_its_likelihood_is_judged_by_the_half_that_no_part_of_it_saw(insightful):
    found = multigan.evaluate(insightful, which="last", refined=True, samples=200, curve=False, cache=False)
    assert found.facts["refined"]["split"]["judge"] == 300
    assert "bounds" in found.score("nll_test").note


def test_insight_and_reals_that_cannot_be_are_refused(short_ring, insightful):
    with pytest.raises(MultiGANError, match="type --start fresh"):
        refine(short_ring, start="insight")
    with pytest.raises(UnknownNameError, match="reals"):
        refine(insightful, reals="seen")
