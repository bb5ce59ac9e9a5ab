import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.torch import load_file

import multigan
from multigan.run.ledger import read_metrics

HOOKED = Path(__file__).with_name("hooked.py")
SMALL = ["G.width=16", "G.layers=2", "D.width=16", "D.layers=2", "train.batch=32", "train.sheets=0"]
SHORT = [*SMALL, "train.samples=1280", "train.checkpoints=2"]


def torchrun(arguments, processes=2, cwd=None):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    env = {**os.environ, "PYTHONPATH": str(Path(multigan.__file__).parent.parent), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([*command, *map(str, arguments)], stderr=subprocess.PIPE, text=True, env=env, cwd=cwd)


def options(overrides):
    return [part for value in overrides for part in ("--set", value)]


def newest(folder):
    return load_file(sorted((folder / "checkpoints").glob("step-*"))[-1] / "tensors.safetensors")


def difference(a, b):
    assert a.keys() == b.keys()
    return max(float((a[name].double() - b[name].double()).abs().max()) for name in a)


def logged(found):
    """What the steps themselves said: vitals are counts of samples, which a difference in the last digit can change."""
    rows = [{k: v for k, v in row.items() if not k.startswith(("seconds", "phase", "vitals"))} for row in found]
    return [row for row in rows if row.keys() > {"step", "samples"}]


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone") / "run"
    return multigan.train("points/ring", run=folder, overrides=SHORT, quiet=True).folder


def test_two_processes_train_the_run_of_one_and_only_the_first_writes(tmp_path, alone):
    run, log = tmp_path / "run", tmp_path / "log"
    process = torchrun([HOOKED, "watch", log, "train", "points/ring", "--out", run, *options(SHORT)])
    _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err[-3000:]
    assert err.count("trained 1,280 samples") == 1
    assert difference(newest(alone), newest(run)) < 1e-5
    mine, theirs = (logged(read_metrics(folder / "metrics.jsonl")) for folder in (run, alone))
    assert [row["step"] for row in mine] == [row["step"] for row in theirs]
    assert {20, 40} <= {row["step"] for row in mine}
    assert all(
        row[key] == pytest.approx(other[key], abs=1e-5) for row, other in zip(mine, theirs, strict=True) for key in row
    )
    writes = [(tmp_path / f"log-rank{rank}").read_text() for rank in range(2)]
    assert str(run) in writes[0]
    assert str(run) not in writes[1]


def test_a_folder_that_holds_something_is_refused_once_and_keeps_it(tmp_path):
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "kick.wav").write_text("mine")
    process = torchrun(["-m", "multigan", "train", "points/ring", "--out", tmp_path, *options(SHORT)])
    _, err = process.communicate(timeout=240)
    assert process.returncode != 0
    (said,) = [line for line in err.splitlines() if line.startswith("multigan: ")]
    assert "exists already, and nothing in it was touched" in said
    assert [path.name for path in tmp_path.rglob("*")] == ["samples", "kick.wav"]


@pytest.mark.slow
def test_all_processes_take_the_folder_that_the_first_made(tmp_path):
    process = torchrun(["-m", "multigan", "train", "points/ring", *options(SHORT)], cwd=tmp_path)
    _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err[-3000:]
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["ring-1"]


FAULTS = {"fail-data": "planted: the file is gone", "fail-loss": "is not finite at step 5"}


@pytest.mark.parametrize("fault", ["fail-loss", pytest.param("fail-data", marks=pytest.mark.slow)])
def test_one_failing_process_ends_all_with_its_error_said_once(tmp_path, fault):
    run = tmp_path / "run"
    sets = options([*SMALL, "train.samples=3200000", "train.checkpoints=1000"])
    process = torchrun([HOOKED, fault, "-", "train", "points/ring", "--out", run, *sets])
    _, err = process.communicate(timeout=240)  # a hang would be ended here
    assert process.returncode != 0
    (said,) = [line for line in err.splitlines() if line.startswith("multigan: ")]
    assert FAULTS[fault] in said
    assert "Gloo" not in err
    if fault == "fail-loss":  # the first process writes what the second suffered from
        verdict = json.loads((run / "verdict.json").read_text())
        assert verdict["name"] == "diverged"
        assert FAULTS[fault] in verdict["failure"]
        assert (run / "report.html").exists()
    if fault == "fail-data":
        assert [path.name for path in (run / "checkpoints").iterdir()] == ["step-000000005"]


DEATHS = {
    "die": (1000, "step-000000004 is whole: type multigan train --resume {run}."),
    "die-early": (1, "nothing was left behind: give the same command again."),
    "die-first": (1, "type multigan train --resume {run}, which begins from the start."),
}


@pytest.mark.parametrize("death", ["die", *(pytest.param(k, marks=pytest.mark.slow) for k in [*DEATHS][1:])])
def test_a_process_that_is_killed_is_told_once_by_one_that_is_left_with_what_stands(tmp_path, death):
    run, (checkpoints, told) = tmp_path / "run", DEATHS[death]
    sets = options([*SMALL, "train.samples=64000", f"train.checkpoints={checkpoints}", "train.vitals=0"])
    process = torchrun([HOOKED, death.removesuffix("-early"), "-", "train", "points/ring", "--out", run, *sets])
    _, err = process.communicate(timeout=240)
    assert process.returncode != 0
    (said,) = [line for line in err.splitlines() if line.startswith(("multigan: ", "stopped"))]
    assert "another process of this run ended and did not say why" in said
    assert said.endswith(told.format(run=run))
    assert run.exists() == (death != "die-early")
    assert run.exists() or str(run) not in err


def test_nan_on_one_process_is_rolled_back_on_both(tmp_path):
    run = tmp_path / "run"
    process = torchrun(
        [HOOKED, "fail-once", "-", "train", "points/ring", "--out", run, *options([*SHORT, "guard.action=rollback"])]
    )
    _, err = process.communicate(timeout=240)
    assert process.returncode == 0, err[-3000:]
    assert err.count("rollback 1 of 3: back at 160 samples") == 1, err
    assert err.count("trained 1,280 samples") == 1
    (healthy,) = run.glob("healthy/step-*/state.json")
    state = json.loads(healthy.read_text())["state"]
    assert (state["rollbacks"], state["lr_factor"]) == (1, 0.5)
    steps = [row["step"] for row in logged(read_metrics(run / "metrics.jsonl"))]
    assert steps == sorted(set(steps))


@pytest.mark.slow
def test_sigterm_to_the_launcher_saves_and_the_run_goes_on_alone_to_the_same_end(tmp_path):
    """Two processes, stopped, then one: the end is that of an unbroken run."""
    run, sets = tmp_path / "run", [*SMALL, "train.samples=19200", "train.checkpoints=20"]
    process = torchrun(["-m", "multigan", "train", "points/ring", "--out", run, *options(sets)])
    deadline = time.monotonic() + 120
    while not list((run / "checkpoints").glob("step-*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=120)
    assert process.returncode != 0
    assert err.count("stopped by SIGTERM and saved") == 1, err
    resumed = multigan.resume(run, quiet=True)
    whole = multigan.train("points/ring", run=tmp_path / "whole", overrides=sets, quiet=True)
    assert resumed.state == whole.state
    nets = [{k: v for k, v in newest(r.folder).items() if not k.startswith("optimizer")} for r in (whole, resumed)]
    assert difference(*nets) < 1e-2
