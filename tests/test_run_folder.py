"""Whose a run's folder is: what is refused, what stays, and what a run that failed takes away again."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

import multigan
from multigan.engine.checkpoint import list_checkpoints
from multigan.engine.distributed import World
from multigan.errors import DataError, RunError, WriteError
from multigan.run_folder import held, new_folder

ROOT = Path(__file__).parent.parent
TINY = ["train.samples=640", "train.report=false", "train.sheets=1", "train.vitals=0", "G.width=8", "D.width=8"]
LONG = [*TINY, "train.samples=4000000", "train.checkpoints=4000"]
ALONE = World()


def files_of(folder):
    return {str(path.relative_to(folder)): path.is_file() and path.read_bytes() for path in folder.rglob("*")}


def command(*words):
    return [sys.executable, "-m", "multigan", *map(str, words)]


def train_command(folder, sets, target="points/ring"):
    return command("train", target, "--out", folder, *(word for one in sets for word in ("--set", one)))


def start(words, **options):
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env, **{"stderr": subprocess.PIPE, **options})


def until(what, process):
    for _ in range(1200):
        if what():
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("nothing came of it")


def test_a_folder_with_the_users_files_is_refused_and_left(tmp_path):
    for name in ("samples/kick.wav", "recipe.toml", "metrics.jsonl", "checkpoints/step-1/mine", "verdict.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    before = files_of(tmp_path)
    with pytest.raises(RunError, match="exists already"):
        multigan.train("points/ring", run=tmp_path, overrides=TINY, quiet=True)
    assert files_of(tmp_path) == before


def test_what_is_no_run_is_not_offered_for_a_resume(tmp_path):
    (tmp_path / "notes.md").write_text("mine")
    with pytest.raises(RunError, match="nothing in it was touched"):
        multigan.train("points/ring", run=tmp_path, overrides=TINY, quiet=True)


def test_training_into_the_folder_of_the_data_leaves_the_data(tmp_path, monkeypatch):
    sounds = tmp_path / "kit" / "samples"
    sounds.mkdir(parents=True)
    (sounds / "kick.wav").write_bytes(b"RIFF")
    monkeypatch.chdir(tmp_path / "kit")
    for out in (".", "samples", str(tmp_path / "kit")):
        with pytest.raises(RunError, match="exists already"):
            multigan.train("audio/drums", run=out, overrides=[f'data.source="{sounds}"'], quiet=True)
    assert files_of(tmp_path) == {"kit": False, "kit/samples": False, "kit/samples/kick.wav": b"RIFF"}


@pytest.mark.parametrize("there", [True, False])
def test_a_run_that_fails_early_leaves_the_place_as_it_was(tmp_path, there):
    out = tmp_path / "above" / "run"
    if there:
        out.mkdir(parents=True)
    with pytest.raises(DataError):
        multigan.train("image/folder", run=out, overrides=[f'data.source="{tmp_path}"'], quiet=True)
    assert files_of(tmp_path) == ({"above": False, "above/run": False} if there else {})


def failing(out, name):
    """A run that fails after a file of that name came into its folder."""

    def run():
        with new_folder(out, "ring", "# recipe", ALONE) as folder:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("mine")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()


def test_a_file_that_came_meanwhile_stays(tmp_path):
    failing(tmp_path / "run", "notes.md")
    assert files_of(tmp_path) == {"run": False, "run/notes.md": b"mine"}


def test_a_run_that_saved_stays_whatever_comes(tmp_path):
    failing(tmp_path / "run", "checkpoints/step-000000001/state.json")
    assert (tmp_path / "run" / "recipe.toml").read_text() == "# recipe"


def test_starts_at_once_take_different_numbers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        folders = [stack.enter_context(new_folder(None, "ring", "", ALONE)) for _ in range(3)]
    assert [folder.name for folder in folders] == ["ring-1", "ring-2", "ring-3"]


def test_a_second_start_is_told_who_is_there_and_harms_nothing(tmp_path):
    out = tmp_path / "run"
    first = start(train_command(out, LONG))
    try:
        until(lambda: list_checkpoints(out / "checkpoints"), first)
        for words in (train_command(out, TINY), command("train", "--resume", out)):
            second = start(words)
            _, said = second.communicate(timeout=60)
            assert second.returncode == 2
            assert len(said.splitlines()) == 1
        assert f"process {first.pid} on" in said
        with pytest.raises(RunError, match=f"process {first.pid}"), held(out, ALONE):
            pass
        assert first.poll() is None
    finally:
        first.kill()
        first.communicate()
    # The system has let go of it, whatever the note of the owner still says.
    assert json.loads((out / ".owner.json").read_text())["pid"] == first.pid
    with held(out, ALONE):
        pass


def test_two_starts_in_one_empty_folder(tmp_path):
    with new_folder(tmp_path / "run", "ring", "first", ALONE):
        for path in ("recipe.toml", "samples"):  # the other start looked before they were there
            (tmp_path / "run" / path).rename(tmp_path / path)
        with (
            pytest.raises(RunError, match="in use by process"),
            new_folder(tmp_path / "run", "ring", "second", ALONE),
        ):
            pass
        assert sorted(path.name for path in (tmp_path / "run").glob("*[!.]*")) == [".lock", ".owner.json"]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_signal_saves(tmp_path, number):
    out = tmp_path / "run"
    process = start(train_command(out, LONG))
    until(lambda: list_checkpoints(out / "checkpoints"), process)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert f"stopped by {number.name} and saved at" in said


def test_what_ignores_a_hangup_goes_on(tmp_path):
    out = tmp_path / "run"
    process = start(["nohup", *train_command(out, LONG)], stdin=subprocess.DEVNULL)
    until(lambda: list_checkpoints(out / "checkpoints"), process)
    process.send_signal(signal.SIGHUP)
    step = int(list_checkpoints(out / "checkpoints")[-1].name.removeprefix("step-"))
    until(lambda: int(list_checkpoints(out / "checkpoints")[-1].name.removeprefix("step-")) > step, process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM


def test_nobody_reads_any_more(tmp_path):
    for name, stream in (("full", "/dev/full"), ("closed", None)):
        out = tmp_path / name
        reader, writer = os.pipe()
        os.close(reader)
        with open(stream or os.devnull, "w") as full:
            process = start(train_command(out, TINY), stderr=full if stream else writer)
            process.communicate(timeout=120)
        os.close(writer)
        assert process.returncode == 0
        assert list_checkpoints(out / "checkpoints")


def limited(size):
    """A file may grow to so many bytes; more fails like a full disk."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_before_the_first_checkpoint_says_one_true_thing(tmp_path):
    out = tmp_path / "run"
    process = start(train_command(out, TINY), preexec_fn=limited(3000))
    _, said = process.communicate(timeout=120)
    last = said.splitlines()[-1]
    assert process.returncode == 2
    assert "free space and start again" in last
    assert "Traceback" not in said
    assert not out.exists()
    assert multigan.train("points/ring", run=out, overrides=TINY, quiet=True).state.samples >= 640


def test_a_full_disk_after_a_checkpoint_leaves_it_and_says_how_to_go_on(tmp_path):
    out = tmp_path / "run"
    rows = ["train.samples=400000", "train.checkpoints=2000", "train.vitals=200"]
    process = start(train_command(out, [*TINY, *rows]), preexec_fn=limited(60_000))
    _, said = process.communicate(timeout=300)
    assert process.returncode == 2, said
    assert f"multigan train --resume {out}" in said.splitlines()[-1]
    assert list_checkpoints(out / "checkpoints")


def test_a_write_error_names_the_place(tmp_path):
    with pytest.raises(WriteError, match=r"No space left.*start again"), held(tmp_path, ALONE):
        raise OSError(28, "No space left on device", "x")
