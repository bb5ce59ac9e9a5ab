import hashlib
import os
import signal
import subprocess
import sys
import time

import torch
from safetensors.torch import load_file

from multigan.latent.show import COMPOSITE
from multigan.provenance.labels import read

SMALL = ["G.width=2", "D.width=2", "train.batch=8", "train.vitals=2"]


def test_a_folder_by_command(multigan, negatives, tmp_path, noisy_picture):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    noisy_picture((9, 7)).save(tmp_path / "in" / "sub" / "one.jpg")
    noisy_picture((5, 20), "L").save(tmp_path / "in" / "two.png")
    (tmp_path / "in" / "three.png").write_bytes(b"broken")
    done = multigan("apply", negatives.folder, tmp_path / "in", "--out", tmp_path / "out")
    assert (done.returncode, "three.png is no readable picture" in done.stderr) == (2, True)
    made = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.png"))
    assert made == ["sub/one.png", "two.png"]
    label = read(tmp_path / "out" / "sub" / "one.png")
    bytes_in = (tmp_path / "in" / "sub" / "one.jpg").read_bytes()
    assert label["input_sha256"] == hashlib.sha256(bytes_in).hexdigest()
    assert label["digital_source_type"] == COMPOSITE
    again = multigan(
        "apply", negatives.folder, tmp_path / "in" / "two.png", "--out", tmp_path / "out", "--strength", "0.5"
    )
    assert (again.returncode, "exists already, with other content" in again.stderr) == (2, True)
    wrong = multigan("apply", negatives.folder, tmp_path / "in" / "two.pgn")
    assert "did you mean 'two.png'?" in wrong.stderr
    more = multigan("apply", negatives.folder, tmp_path / "in" / "two.png", "--n", 3, "--out", tmp_path / "more")
    assert "this generator draws nothing" in more.stderr
    assert "multigan apply RUN FILES" in multigan("generate", negatives.folder).stderr


def test_a_killed_run_goes_on_to_the_bit(multigan, negatives, tmp_path):
    more = ["train.samples=800", "train.report=false", "train.checkpoints=20", "train.sheets=0"]
    more += ['input={degrade=[{name="hole"}]}', 'phases=[{name="warm", turns=["fit"], samples=16}]']
    sets = [word for one in [*SMALL, *more] for word in ("--set", one)]
    words = ["train", "image/pairs", *sets, "--set", f"data.source={negatives.folder.parent / 'pairs' / 'B'}"]
    assert multigan(*words, "--out", tmp_path / "whole").returncode == 0
    command = [sys.executable, "-m", "multigan", *words, "--out", str(tmp_path / "killed")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not list((tmp_path / "killed").glob("checkpoints/step-*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert multigan("train", "--resume", tmp_path / "killed").returncode == 0
    whole, killed = (load_file(tmp_path / name / "generator" / "generator.safetensors") for name in ("whole", "killed"))
    assert all(torch.equal(value, killed[key]) for key, value in whole.items())
