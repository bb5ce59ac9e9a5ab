"""Training whose system gets in the way: no reader, no space, a signal too early. Real processes, no tracebacks."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HINDERED = Path(__file__).with_name("hindered.py")
SETS = ["train.samples=3200", "train.batch=32", "train.sheets=1", "train.vitals=2", "train.checkpoints=4"]
SETS += ["G.width=16", "G.layers=2", "D.width=16", "D.layers=2"]
TRAIN = ["train", "points/ring", *(part for value in SETS for part in ("--set", value)), "--out"]


def hindered(what, step, out):
    command = [sys.executable, str(HINDERED), what, str(step), *TRAIN, str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, [line for line in done.stderr.splitlines() if line]


def whole(run):
    return len(list((run / "checkpoints").glob("step-*"))) == 2 and (run / "generator" / "config.json").exists()


def test_a_reader_that_leaves_ends_no_training_and_finds_the_rest_in_a_file(tmp_path):
    command = [sys.executable, "-m", "multigan", *TRAIN, str(tmp_path / "run")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert b"ring" in process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=120) == 0
    assert whole(tmp_path / "run")
    assert "verdict: " in (tmp_path / "run" / "log.txt").read_text()


@pytest.mark.parametrize("where", ["2>/dev/full", "2>&-"])
def test_messages_that_cannot_be_written_end_no_training(tmp_path, where):
    command = ["bash", "-c", f'"$@" {where}', "bash", sys.executable, "-m", "multigan", *TRAIN, str(tmp_path / "run")]
    assert subprocess.run(command, timeout=120, check=False).returncode == 0
    assert whole(tmp_path / "run")


def test_a_full_disk_before_the_first_checkpoint_is_one_true_message_and_leaves_nothing(tmp_path):
    code, lines = hindered("full:2000", -1, tmp_path / "run")
    assert code == 2
    (said,) = [line for line in lines if line.startswith("multigan: ")]
    assert "cannot write" in said
    assert "nothing was left behind: raise the limit on files (ulimit -f), then give the same command again" in said
    assert not [line for line in lines if "resume" in line or "no report" in line or "verdict" in line]
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_later_names_the_checkpoint_that_stands_and_the_run_goes_on_from_it(tmp_path, multigan):
    run = tmp_path / "run"
    code, lines = hindered("full:2000", 30, run)
    assert code == 2
    (said,) = [line for line in lines if line.startswith("multigan: ")]
    assert f"{run}/checkpoints/step-000000025 is whole" in said
    assert said.endswith(f"raise the limit on files (ulimit -f), then type multigan train --resume {run}.")
    assert not [line for line in lines if "no report" in line or "verdict" in line]
    assert not list(run.rglob(".new-*"))
    done = multigan("train", "--resume", run)
    assert done.returncode == 0
    assert "resuming from step-000000025" in done.stderr
    assert whole(run)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_training_leaves_nothing_and_says_so(tmp_path, number):
    (tmp_path / "mine").mkdir()
    run = tmp_path / ("mine" if number == signal.SIGTERM else "new")
    code, lines = hindered(f"signal:{number.value}", -1, run)
    assert code == 128 + number
    told = "nothing was trained yet that could be resumed; give the same command again"
    assert lines[-1] == f"stopped by {number.name} at once: {told}"
    assert os.listdir(tmp_path) == ["mine"]
    assert os.listdir(tmp_path / "mine") == []


def test_two_signals_before_the_first_checkpoint_advise_nothing_about_a_folder_that_went(tmp_path):
    code, lines = hindered(f"twice:{signal.SIGINT.value}", 5, tmp_path / "run")
    assert code == 130
    assert lines[-1].endswith("at once: nothing was trained yet that could be resumed; give the same command again")
    assert not [line for line in lines if str(tmp_path) in line or "verdict" in line]
    assert list(tmp_path.iterdir()) == []


def test_two_signals_later_name_the_run_that_stands(tmp_path):
    run = tmp_path / "run"
    code, lines = hindered(f"twice:{signal.SIGINT.value}", 30, run)
    assert code == 130
    assert lines[-1].endswith(f"its last checkpoint is whole; go on with: multigan train --resume {run}")
