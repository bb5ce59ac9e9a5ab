"""The command line as a user meets it: real processes, exit codes, no tracebacks."""

import json
import os
import subprocess
import sys

import pytest
from PIL import Image


def multigan(*arguments, cwd=None, env=None):
    done = subprocess.run(
        [sys.executable, "-m", "multigan", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        timeout=240,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


SHORT = ["--set", "train.samples=2000", "--set", "train.batch=100", "--set", "train.sheets=1"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "ring"
    done = multigan("train", "points/ring", "--run", folder, *SHORT)
    assert done.returncode == 0, done.stderr
    assert f"multigan generate {folder}" in done.stderr
    return folder


def test_generate_repeats_itself_and_labels_its_files(run, tmp_path):
    for out in ("a", "b"):
        done = multigan("generate", run, "-n", 5, "--seed", 3, "--out", tmp_path / out)
        assert done.returncode == 0
    (a,), (b,) = (sorted((tmp_path / out).glob("*.csv")) for out in ("a", "b"))
    assert a.read_text() == b.read_text()
    label = json.loads(multigan("provenance", a).stdout)
    assert label["seed"] == "3"
    assert label["generator"] == "ring"
    assert multigan("generate", run, "--sheet", "--out", tmp_path / "sheet").returncode == 0
    assert list((tmp_path / "sheet").glob("*.png"))


def test_resume_of_a_finished_run_is_fine(run):
    assert multigan("train", "--resume", run).returncode == 0


WRONG = [
    (["train"], "nothing to train"),
    (["train", "image/digit"], "did you mean 'image/digits'"),
    (["train", "points/ring", "--set", "G.widht=3"], "G.widht is no option here; did you mean 'width'"),
    (["train", "points/ring", "--set", "train.batch"], "table.key=value"),
    (["train", "points/ring", "--set", "data.source=rng"], "no points in 'rng'"),
    (["train", "--resume", "nowhere"], "no run directory"),
    (["train", "points/ring", "--resume", "nowhere"], "leave them away"),
    (["train", "missing.toml"], "no recipe 'missing.toml'"),
    (["train", "empty"], "nothing to train on"),
    (["train", "zero.png"], "zero.png: empty file"),
    (["generate", "nowhere"], "no generator in nowhere"),
    (["provenance", "zero.png"], "carries no label"),
    (["recipes", "show", "x/y"], "no recipe 'x/y'"),
    (["recipes", "cp", "points/ring", "taken.toml"], "exists already"),
    (["recipes", "validate", "points/ring", "--set", "game.loss=hing"], "did you mean 'hinge'"),
    (["trian"], "No such command"),
    (["train", "points/ring", "--run", "taken.toml/run"], "cannot write"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(a) for a, _ in WRONG])
def test_bad_input_is_one_line_and_exit_code_two(tmp_path, arguments, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "zero.png").write_bytes(b"")
    (tmp_path / "taken.toml").write_text("")
    done = multigan(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert not (tmp_path / "runs").exists() or not any((tmp_path / "runs").iterdir())


def test_recipes_are_listed_shown_copied_and_checked(tmp_path):
    listed = multigan("recipes", "ls").stdout
    assert "image/digits" in listed
    assert "audio/drums" in listed
    shown = multigan("recipes", "show", "points/ring", "--set", "train.batch=7").stdout
    assert "batch = 7" in shown
    assert multigan("recipes", "cp", "points/ring", tmp_path / "x" / "mine.toml").returncode == 0
    assert multigan("recipes", "validate", tmp_path / "x" / "mine.toml").returncode == 0


def test_a_folder_of_pictures_is_recognised_and_trained(tmp_path):
    (tmp_path / "photos").mkdir()
    for k in range(4):
        Image.new("RGB", (12, 12), (60 * k, 0, 90)).save(tmp_path / "photos" / f"{k}.png")
    sets = ["--set", "train.samples=32", "--set", "train.batch=8", "--set", "G.width=4", "--set", "D.width=4"]
    done = multigan("train", tmp_path / "photos", *sets, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "holds 4 image files: training image/folder on it" in done.stderr
    assert "only 4 pictures" in done.stderr
    assert (tmp_path / "runs" / "pictures-1" / "generator" / "config.json").is_file()


def test_a_broken_plugin_is_named_and_never_fatal(tmp_path):
    (tmp_path / "bad_plugin.py").write_text("raise RuntimeError('boom')")
    env = {
        "MULTIGAN_PLUGINS": "multigan.modalities:broken=bad_plugin:modality",
        "PYTHONPATH": f"{tmp_path}:{os.getcwd()}",
    }
    done = multigan("modalities", env=env)
    assert done.returncode == 0
    assert "broken  broken  bad_plugin:modality: RuntimeError: boom" in done.stdout
    assert "image   ok" in done.stdout
    assert multigan("recipes", "ls", env=env).returncode == 0


def test_cite_and_version():
    assert "@inproceedings{goodfellow2014" in multigan("cite", "points/ring").stdout
    assert multigan("--version").stdout.startswith("multigan ")
