import hashlib
import json
import os
import shutil
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
    done = multigan("apply", negatives.folder, "", "--out", tmp_path / "none")
    assert (done.returncode, "an empty name" in done.stderr, (tmp_path / "none").exists()) == (2, True, False)
    done = multigan("apply", negatives.folder)
    assert (done.returncode, "no FILES; expected files or folders" in done.stderr) == (2, True)
    assert "multigan apply RUN -" in done.stderr
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


def test_no_output_replaces_its_own_input_and_nothing_is_left_out_in_silence(
    multigan, negatives, tmp_path, noisy_picture
):
    noisy_picture((9, 7)).save(tmp_path / "x.png")
    (tmp_path / "walk.gif").write_bytes(b"GIF89a")
    before = (tmp_path / "x.png").read_bytes()
    done = multigan("apply", negatives.folder, tmp_path, "--out", tmp_path, "--overwrite")
    assert (done.returncode, "would lie where it lies itself" in done.stderr) == (2, True)
    assert (tmp_path / "x.png").read_bytes() == before
    done = multigan("apply", negatives.folder, tmp_path, "--out", tmp_path / "out")
    assert (done.returncode, "1 file left out, of another kind: walk.gif" in done.stderr) == (0, True)
    noisy_picture((9, 7)).save(tmp_path / "x.bmp")
    shutil.rmtree(tmp_path / "out")
    again = multigan("apply", negatives.folder, tmp_path, "--out", tmp_path / "out", "--json")
    found = json.loads(again.stdout)
    assert (again.returncode, found["failed"], len(found["files"])) == (0, [], 2)
    assert {"file": str(tmp_path / "walk.gif"), "why": "of another kind"} in found["left_out"]
    called = "1 file with the name of another, so what is made is called otherwise: "
    assert called in again.stderr
    assert again.stderr.partition(called)[2].splitlines()[0].endswith("x.png as x.png.png")
    assert "what is made of .bmp files is written as .png" in again.stderr


def test_options_of_texts_are_refused_where_there_are_none(multigan, negatives, tmp_path, noisy_picture):
    noisy_picture((9, 7)).save(tmp_path / "x.png")
    for flags in (["--candidates", "4"], ["--beam", "4"], ["--sample"], ["--temperature", "0.5"]):
        done = multigan("apply", negatives.folder, tmp_path / "x.png", "--out", tmp_path / "out", *flags)
        assert done.returncode == 2
        assert f"{' '.join(flags)}, and this generator is given no texts" in done.stderr
    assert not (tmp_path / "out").exists()


def test_large_files_in_parts_and_json(multigan, negatives, tmp_path, noisy_picture):
    noisy_picture((30, 20)).save(tmp_path / "x.png")
    plain = multigan("apply", negatives.folder, tmp_path / "x.png", "--out", tmp_path / "out", "--tile", 8, "--json")
    found = json.loads(plain.stdout)
    (row,) = found["files"]
    assert (row["parts"], row["again_db"], found["reach_pixels"], found["failed"]) == (1, None, None, [])
    assert row["outputs"] == [str(tmp_path / "out" / "x.png")]
    assert "looks at the whole file (InstanceNorm2d at up.0.2)" in plain.stderr


def test_how_well_an_output_explains_its_file_is_said_and_written(multigan, tmp_path, noisy_picture):
    sets = [*SMALL, "train.samples=16", "train.report=false", "phases=[]", "train.sheets=0", "data.holdout=64"]
    words = [word for one in sets for word in ("--set", one)]
    assert multigan("train", "image/upscale", *words, "--out", tmp_path / "run").returncode == 0
    for size in ((40, 24), (9, 9)):
        noisy_picture(size).save(tmp_path / f"{size[0]}.png")
    names = [tmp_path / "40.png", tmp_path / "9.png"]
    done = multigan("apply", tmp_path / "run", *names, "--out", tmp_path / "out", "--tile", 16, "--json")
    found = json.loads(done.stdout)
    assert [row["parts"] for row in found["files"]] == [6, 1]
    assert (found["seam"], found["reach_pixels"]) == (0, 6)
    for row, name in zip(found["files"], names, strict=True):
        assert 10 < row["again_db"] < 99
        assert float(read(tmp_path / "out" / name.name)["again_db"]) == round(row["again_db"], 1)
    said = multigan("apply", tmp_path / "run", *names, "--out", tmp_path / "more")
    assert "degraded again, an output is" in said.stdout
    assert "the least for" in said.stdout


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


def test_the_way_back_by_command(multigan, two_sets, tmp_path, noisy_picture):
    noisy_picture((9, 7)).save(tmp_path / "x.png")
    for flags, name in (([], "there"), (["--reverse"], "back")):
        done = multigan("apply", two_sets.folder, tmp_path / "x.png", "--out", tmp_path / name, *flags)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "there" / "x.png").read_bytes() != (tmp_path / "back" / "x.png").read_bytes()


def test_a_folder_of_two_sets_is_known(multigan, two_sets, tmp_path):
    small = ["--set", "G.width=2", "--set", "G.blocks=1", "--set", "train.samples=8"]
    words = ["train", two_sets.folder.parent / "sets", "--out", tmp_path / "run", *small]
    done = multigan(*words, "--set", "train.vitals=0", "--set", "train.report=false")
    assert done.returncode == 0, done.stderr
    assert "holds inputs, 50 in trainA/, and targets, 40 in trainB/, no pairs: training image/unpaired" in done.stderr
    assert "(the other way round: --set input.swap=true)" in done.stderr
    assert "multigan apply" in done.stderr


def test_no_output_replaces_another_input(multigan, negatives, tmp_path, noisy_picture):
    (tmp_path / "sub").mkdir()
    files = [tmp_path / "x.png", tmp_path / "sub" / "x.png"]
    for file in files:
        noisy_picture((9, 7)).save(file)
    before = files[1].read_bytes()
    done = multigan("apply", negatives.folder, *files, "--out", tmp_path / "sub", "--overwrite")
    assert (done.returncode, "lies, which is an input too" in done.stderr) == (2, True)
    assert files[1].read_bytes() == before
