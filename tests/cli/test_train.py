import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import torch
from PIL import Image
from safetensors.torch import load_file

from multigan.cli.train import _resolve
from multigan.doctor.health import facts_of
from multigan.doctor.history import History
from multigan.doctor.prescriptions import prescribe
from multigan.run.folder import find_run


def test_resume_of_a_finished_run_is_fine(multigan, run):
    done = multigan("train", "--resume", run)
    assert done.returncode == 0
    assert "nothing was left to train" in done.stderr
    assert "\ntrained " not in done.stderr


def test_a_folder_of_pictures_is_recognised_and_trained(multigan, tmp_path):
    (tmp_path / "photos").mkdir()
    for k in range(8):
        Image.new("RGB", (12, 12), (30 * k, 0, 90)).save(tmp_path / "photos" / f"{k}.png")
    sets = ["--set", "train.samples=32", "--set", "train.batch=8", "--set", "G.width=4", "--set", "D.width=4"]
    done = multigan("train", tmp_path / "photos", *sets, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "holds, going by endings, 8 image files: training image/folder on it" in done.stderr
    assert "only 8 pictures" in done.stderr
    assert (tmp_path / "runs" / "photos-1" / "generator" / "config.json").is_file()


LONG = [
    "train.samples=6000", "train.batch=50", "train.sheets=0", "train.vitals=0", "train.report=false",
    "train.checkpoints=60", "G.width=16", "G.layers=2", "D.width=16", "D.layers=2",
]  # fmt: skip


def killed(run, *overrides):
    """Start a run of the command line and kill it, without warning, after its second checkpoint."""
    sets = [part for value in overrides for part in ("--set", value)]
    process = subprocess.Popen(
        [sys.executable, "-m", "multigan", "train", "points/ring", "--out", str(run), "--quiet", *sets]
    )
    deadline = time.monotonic() + 120
    while len(list((run / "checkpoints").glob("step-*"))) < 2 and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.kill()
    process.wait()


def test_a_killed_run_goes_on_with_moved_data_to_the_same_bits(multigan, tmp_path):
    data = tmp_path / "old" / "points.csv"
    data.parent.mkdir()
    data.write_text("".join(f"{number / 7},{number % 13}\n" for number in range(300)))
    overrides = [*LONG, f"data.source='{data}'"]
    sets = [part for value in overrides for part in ("--set", value)]
    assert multigan("train", "points/ring", "--out", tmp_path / "whole", *sets).returncode == 0
    killed(tmp_path / "run", *overrides)
    (tmp_path / "old").rename(tmp_path / "new")
    lost = multigan("train", "--resume", tmp_path / "run")
    assert lost.returncode == 2
    assert "--data PATH" in lost.stderr
    done = multigan("train", "--resume", tmp_path / "run", "--data", "new/points.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    a, b = (
        load_file(sorted((tmp_path / name / "checkpoints").glob("step-*"))[-1] / "tensors.safetensors")
        for name in ("whole", "run")
    )
    assert a.keys() == b.keys()
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_the_advice_to_go_on_for_longer_can_be_pasted(multigan, run, tmp_path):
    folder = tmp_path / "a run"
    shutil.copytree(run, folder)
    verdict = History([{"step": 1, "samples": 2000, "phase": "adversarial", "vitals/items": 1.0}])
    facts = replace(facts_of(find_run(folder)[1], folder), own_samples=4000)  # much of the recipe: twice as long
    command, _ = prescribe("still improving", "gains", verdict, facts)
    words = shlex.split(command)
    assert words[:2] == ["multigan", "train"]
    done = multigan(*words[1:], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "going on from 2,000 samples: about 2,000 samples more, 4,000 in all" in done.stderr
    assert "trained 4,000 samples" in done.stderr
    assert find_run(folder)[1].train.samples == 4000
    again = multigan(*words[1:], cwd=tmp_path)  # it counts what is done: twice is not longer
    assert again.returncode == 2
    assert "has trained 4,000 samples already" in again.stderr


def test_budgets_are_one_or_the_other(multigan, tmp_path):
    both = multigan("train", "points/ring", "--minutes", 1, "--samples", 9, cwd=tmp_path)
    assert (both.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "leave one away" in both.stderr
    assert "--minutes 0; expected" in multigan("train", "points/ring", "--minutes", 0, cwd=tmp_path).stderr


def test_options_of_a_resume_need_one(multigan):
    for options in (["--data", "x"], ["--changed-data"]):
        done = multigan("train", "points/ring", *options)
        assert done.returncode == 2
        assert "--resume" in done.stderr


def test_a_recipe_wins_over_a_folder_of_its_name_and_says_so(multigan, tmp_path):
    for name in ("points/ring", "ring", "digits"):
        (tmp_path / name).mkdir(parents=True)
    sets = ["--set", "train.samples=64", "--set", "train.batch=32", "--set", "train.report=false"]
    done = multigan("train", "points/ring", *sets, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "multigan train ./points/ring" in done.stderr
    assert "'ring' is the built-in data" in done.stderr
    assert "holds nothing to train on" in multigan("train", "./points/ring", cwd=tmp_path).stderr


def test_a_recipe_of_ones_own_gives_the_run_its_name(multigan, tmp_path):
    assert multigan("recipes", "cp", "points/ring", "mine.toml", cwd=tmp_path).returncode == 0
    done = multigan("train", "mine.toml", "--set", "train.samples=200", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs" / "mine-1" / "generator").is_dir()
    (took,) = re.findall(r"in (\d+) s with its measurements, (\d+) s to start, read and write: (\d+) s in", done.stderr)
    assert int(took[0]) + int(took[1]) == int(took[2])


def test_the_last_lines_say_one_thing(tmp_path):
    """What to type to draw stands there once, and in the words of the verdict where that says so itself."""
    from multigan.cli.train import _drawing

    (tmp_path / "verdict.json").write_text('{"name": "healthy", "command": "multigan generate x"}')
    assert _drawing(tmp_path) == ""
    (tmp_path / "verdict.json").write_text('{"name": "collapsed", "command": "multigan train x"}')
    assert _drawing(tmp_path).startswith(f"see what it makes so far: multigan generate {tmp_path}")
    (tmp_path / "verdict.json").unlink()
    assert _drawing(tmp_path).startswith("draw from it: multigan generate")


def test_a_resumed_run_stays_in_its_folder_with_its_recipe(multigan, run, tmp_path):
    done = multigan("train", "--resume", run, "--out", tmp_path / "other", "--recipe", "points/grid")
    assert done.returncode == 2
    assert "--out and --recipe beside --resume" in done.stderr
    assert not (tmp_path / "other").exists()


def test_columns_that_are_named_choose_the_recipe(tmp_path):
    (tmp_path / "a.tsv").write_text("1\tone thing\tx\n2\tanother\ty\n")
    place = str(tmp_path / "a.tsv")
    assert _resolve(place, None, ["input.column=2", "data.column=3"], True)[0] == "text/pairs"
    assert _resolve(place, None, ["data.column=3"], True)[0] == "text/file"


def test_an_empty_name_is_refused_and_a_folder_that_ends_as_a_recipe_is_trained(multigan, tmp_path):
    refused = multigan("train", "", cwd=tmp_path)
    assert refused.returncode == 2
    assert "an empty name to train on" in refused.stderr
    assert "type . for the folder you are in" in refused.stderr
    folder = tmp_path / "digits.toml"
    folder.mkdir()
    for k in range(8):
        Image.new("L", (8, 8), 20 * k).save(folder / f"{k}.png")
    assert _resolve(str(folder), None, [], quiet=True)[0] == "image/folder"
