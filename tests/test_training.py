import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import multigan
from multigan.core.errors import CheckpointError, DataError, DivergedError, RecipeError, RunError
from multigan.doctor.health import examine
from multigan.run.ledger import read_metrics

FIRST = Path(__file__).parent / "data" / "run-points-first-layout"
SHORT = ["train.samples=6000", "train.batch=100", "train.sheets=2", "train.checkpoints=6"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An unbroken short run of the ring."""
    return multigan.train("points/ring", run=tmp_path_factory.mktemp("runs") / "whole", overrides=SHORT, quiet=True)


def newest(folder):
    return load_file(sorted((folder / "checkpoints").glob("step-*"))[-1] / "tensors.safetensors")


def test_a_run_directory_has_everything(whole):
    names = {path.name for path in whole.folder.iterdir()}
    assert {"recipe.toml", "metrics.jsonl", "run.json", "checkpoints", "samples", "generator"} <= names
    assert whole.state.samples == 6000
    assert read_metrics(whole.folder / "metrics.jsonl")[-1]["step"] == 60
    facts = json.loads((whole.folder / "run.json").read_text())
    assert facts["interrupted_by"] is None
    assert len(list((whole.folder / "samples").glob("*.png"))) == 3


def test_the_generator_in_it_loads_and_repeats_itself(whole):
    a, b = multigan.load(whole.folder), whole.generator
    assert a.generate(5, seed=3) == b.generate(5, seed=3)
    assert a.generate(5, seed=3) != a.generate(5, seed=4)


def test_the_resolved_recipe_trains_to_the_same_weights(whole, tmp_path):
    again = multigan.train(whole.folder / "recipe.toml", run=tmp_path / "again", quiet=True)
    a, b = newest(whole.folder), newest(again.folder)
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_an_existing_run_is_never_overwritten(whole):
    with pytest.raises(RunError, match="exists already"):
        multigan.train("points/ring", run=whole.folder, overrides=SHORT, quiet=True)


def test_resuming_a_finished_run_changes_nothing(whole):
    before, files = newest(whole.folder), {path: path.read_bytes() for path in whole.folder.rglob("*.json")}
    multigan.resume(whole.folder, quiet=True)
    assert {path: path.read_bytes() for path in whole.folder.rglob("*.json")} == files
    after = newest(whole.folder)
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_resuming_what_is_no_run_is_an_error(tmp_path):
    with pytest.raises(RunError, match="no run directory"):
        multigan.resume(tmp_path)


def test_a_run_that_lost_its_checkpoints_cannot_be_resumed(whole, tmp_path):
    shutil.copytree(whole.folder, tmp_path / "run", ignore=shutil.ignore_patterns("step-*"))
    with pytest.raises(CheckpointError, match="no finished checkpoint"):
        multigan.resume(tmp_path / "run", quiet=True)
    assert (tmp_path / "run" / "generator" / "config.json").is_file()


def test_a_run_that_was_killed_before_its_first_checkpoint_begins_again(whole, tmp_path):
    (tmp_path / "recipe.toml").write_text((whole.folder / "recipe.toml").read_text())
    again = multigan.resume(tmp_path, quiet=True)
    a, b = newest(whole.folder), newest(again.folder)
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_an_edited_recipe_is_not_resumed_with_old_weights(whole, tmp_path):

    shutil.copytree(whole.folder, tmp_path / "run")
    text = (tmp_path / "run" / "recipe.toml").read_text()
    assert "batch = 100" in text
    (tmp_path / "run" / "recipe.toml").write_text(text.replace("batch = 100", "batch = 50"))
    with pytest.raises(CheckpointError, match="another recipe"):
        multigan.resume(tmp_path / "run", quiet=True)


def test_a_wrong_recipe_leaves_no_folder(tmp_path):
    with pytest.raises(RecipeError):
        multigan.train("points/ring", run=tmp_path / "run", overrides=["G.widht=3"], quiet=True)
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_place_is_one_clear_error(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RunError, match="cannot write"):
        multigan.train("points/ring", run=tmp_path / "run", overrides=SHORT, quiet=True)


def test_a_file_in_the_way_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunError, match="cannot write"):
        multigan.train("points/ring", run=tmp_path / "file" / "run", overrides=SHORT, quiet=True)


SMALL = ["G.width=16", "G.layers=2", "D.width=16", "D.layers=2"]


def start(run, recipe="points/ring", overrides=(*SHORT, *SMALL, "train.samples=200000")):
    sets = [part for value in overrides for part in ("--set", value)]
    command = [sys.executable, "-m", "multigan", "train", recipe, "--out", str(run), *sets]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not list((run / "checkpoints").glob("step-*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_says_so_and_leaves_without_a_traceback(tmp_path, number):
    process = start(tmp_path / "run")
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert "Traceback" not in err
    assert "--resume" in err
    page = whole_page(tmp_path / "run")
    assert f"stopped by {number.name} before its end" in page
    assert "data:image/png" in page  # samples of the generator as it was


def test_a_run_that_is_being_trained_is_read_by_all_and_written_by_one(tmp_path):
    run = tmp_path / "run"
    process = start(run)
    busy = f"is in use by process {process.pid} on host"
    with pytest.raises(RunError, match=busy):
        multigan.resume(run, quiet=True)
    with pytest.raises(RunError, match=busy):
        multigan.train("points/ring", run=run, overrides=SHORT, quiet=True)
    assert multigan.load(run).generate(2, seed=0)
    assert multigan.write_report(run).exists()
    assert examine(run).name
    assert process.poll() is None
    process.kill()
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert list((run / "checkpoints").glob("step-*"))


def whole_page(folder):
    """The report: complete, without a torn one beside it."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert all(f'id="{slug}"' in page for slug in ("samples", "curves", "data", "recipe", "provenance"))
    assert not list(folder.glob(".report*"))
    return page


@pytest.mark.parametrize("fault", [DataError("item 7 is <torn>", "an item"), ZeroDivisionError("planted <fault>")])
def test_a_crash_in_training_leaves_a_report_that_says_why(tmp_path, monkeypatch, fault):
    from multigan.engine.batches import Batches

    take = Batches.take

    def breaking(self, phase, number):
        if number >= 40:
            raise fault
        return take(self, phase, number)

    monkeypatch.setattr(Batches, "take", breaking)
    with pytest.raises(type(fault), match=r"torn|planted"):
        multigan.train("points/ring", run=tmp_path / "run", overrides=[*SHORT, *SMALL], quiet=True)
    page = whole_page(tmp_path / "run")
    assert f"{type(fault).__name__}: " in page
    assert "&lt;torn&gt;" in page or "&lt;fault&gt;" in page
    assert "data:image/png" in page


def test_a_run_that_diverged_leaves_a_report_that_says_so(tmp_path):
    nan = ["optim.name=sgd", "optim.lr=1e6"]
    with pytest.raises(DivergedError):
        multigan.train("points/ring", run=tmp_path / "run", overrides=[*SHORT, *SMALL, *nan], quiet=True)
    assert "Diverged" in whole_page(tmp_path / "run")


KILLED = {
    "points/ring": [*SHORT, *SMALL, "train.samples=30000"],
    "image/digits": ["train.samples=6400", "train.checkpoints=30", "G.width=4", "D.width=4"],
    "text/surnames": ["train.samples=800", "train.checkpoints=8"],
    "audio/drums": ["train.samples=480", "train.checkpoints=8", "G.width=2", "D.width=2"],
}
SLOW = ("text/surnames", "audio/drums")


@pytest.mark.parametrize("recipe", [pytest.param(r, marks=[pytest.mark.slow] * (r in SLOW)) for r in KILLED])
def test_kill_nine_then_resume_equals_the_unbroken_run(tmp_path, recipe):
    overrides = [*KILLED[recipe], "train.sheets=0"]
    process = start(tmp_path / "killed", recipe, overrides)
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    whole = multigan.train(recipe, run=tmp_path / "whole", overrides=overrides, quiet=True)
    resumed = multigan.resume(tmp_path / "killed", quiet=True)
    # A signal to the tests themselves (a time limit) also ends such a run, and only looks like a broken resume.
    assert (whole.signal, resumed.signal) == (None, None)
    a, b = newest(whole.folder), newest(resumed.folder)
    assert whole.state == resumed.state
    assert all(torch.equal(a[name], b[name]) for name in a)
    logged = [read_metrics(run.folder / "metrics.jsonl") for run in (whole, resumed)]
    # Clocks differ, and so do changes since a measurement that another sitting made.
    begun_anew = ("seconds", "_moved", "_step")
    kept = [[{k: v for k, v in row.items() if not k.endswith(begun_anew)} for row in rows] for rows in logged]
    assert kept[0] == kept[1]


def test_a_picture_that_vanishes_ends_the_run_saved_and_named(tmp_path, monkeypatch):
    from PIL import Image

    from multigan.engine.batches import Batches

    (tmp_path / "data").mkdir()
    for k in range(12):
        Image.new("L", (16, 16), 20 * k).save(tmp_path / "data" / f"{k:02}.png")
    monkeypatch.setattr("multigan.plugins.image.data.IN_MEMORY_BYTES", 0)
    sets = [f"data.source={json.dumps(str(tmp_path / 'data'))}", "train.samples=64", "train.batch=4", "train.sheets=0"]
    take = Batches.take

    def vanishing(self, phase, number):
        if number == 8:
            (tmp_path / "data" / "05.png").unlink(missing_ok=True)
        return take(self, phase, number)

    with monkeypatch.context() as patch:
        patch.setattr(Batches, "take", vanishing)
        with pytest.raises(DataError, match=r"item 5 of the data cannot be read: FileNotFoundError.*05\.png"):
            multigan.train("image/digits", run=tmp_path / "run", overrides=[*sets, "train.checkpoints=0"], quiet=True)
    (saved,) = (tmp_path / "run" / "checkpoints").iterdir()
    assert saved.name >= "step-000000002"
    Image.new("L", (16, 16), 100).save(tmp_path / "data" / "05.png")
    resumed = multigan.resume(tmp_path / "run", quiet=True)
    whole = multigan.train("image/digits", run=tmp_path / "whole", overrides=[*sets, "train.checkpoints=0"], quiet=True)
    assert (whole.signal, resumed.signal) == (None, None)  # see above
    a, b = newest(whole.folder), newest(resumed.folder)
    assert all(torch.equal(a[name], b[name]) for name in a)


TEXT = ["data.n=200", "data.vocab=20", "data.length=6", "G.hidden=8", "D.filters=4"]
TEXT += ['phases=[{name="pretrain", turns=["mle"], samples=320, lr=0.01}]']


def test_the_start_of_the_adversarial_phase_is_kept_and_a_resume_leaves_it(tmp_path):
    overrides = [*TEXT, "train.samples=640", "train.batch=32", "train.checkpoints=2", "train.sheets=0"]
    run = multigan.train("text/oracle-small", run=tmp_path / "run", overrides=overrides, quiet=True)
    mle = multigan.load(run.folder, which="mle")
    assert mle.config["samples_seen"] == 320
    assert mle.config["weights_sha256"] != run.generator.config["weights_sha256"]
    multigan.resume(run.folder, quiet=True)
    assert multigan.load(run.folder, which="mle").config == mle.config


def test_a_run_without_maximum_likelihood_says_what_it_kept(whole):
    with pytest.raises(CheckpointError, match="kept no 'mle' generator; expected one of last"):
        multigan.load(whole.folder, which="mle")


def test_a_run_of_the_first_layout_goes_on(tmp_path):
    """Interrupted half way by the engine of before games had rules: the other half leads where a whole run leads."""
    shutil.copytree(FIRST, tmp_path / "run")
    resumed = multigan.resume(tmp_path / "run", quiet=True)
    assert resumed.state.step == 25
    whole = multigan.train(FIRST / "recipe.toml", run=tmp_path / "whole", quiet=True)
    a, b = newest(resumed.folder), newest(whole.folder)
    assert set(a) == set(b)
    for name in a:  # the first half may be of another CPU, whose last bits differ
        torch.testing.assert_close(a[name], b[name], rtol=1e-3, atol=1e-5)


def test_a_resume_says_what_of_the_run_it_cannot_read(tmp_path, capsys):
    sets = ["train.samples=64", "train.batch=32", "train.vitals=0", "train.report=false", "data.n=64"]
    run = multigan.train("points/ring", run=tmp_path / "run", overrides=sets, quiet=True)
    (run.folder / "run.json").write_text("{")
    multigan.resume(run.folder)
    said = " ".join(capsys.readouterr().err.split())
    assert "run.json is damaged" in said
    assert "this goes on without it" in said
