import json

import numpy as np
import pytest
import soundfile
from PIL import Image

from multigan.generator.generator import load
from multigan.provenance.labels import read


def test_a_picture_is_inverted_edited_and_filled(multigan, tiny_runs, tmp_path):
    run = tiny_runs("image/digits")
    (file,) = load(run).save(tmp_path, 1, 5)
    quick = ("--steps", 2, "--starts", 1)
    done = multigan("invert", run, file, *quick, "--out", tmp_path / "i")
    assert (done.returncode, done.stderr) == (0, "")
    assert "psnr_db" in done.stdout
    assert (tmp_path / "i" / f"{file.stem}-z.safetensors").is_file()
    done = multigan("inpaint", run, file, "--mask", "1,1,3,3", *quick, "--out", tmp_path / "p")
    assert "9 of 256 values filled" in done.stdout
    label = read(tmp_path / "p" / f"{file.stem}-inpainting.png")
    assert label["digital_source_type"].endswith("compositeWithTrainedAlgorithmicMedia")
    with Image.open(file) as before, Image.open(tmp_path / "p" / f"{file.stem}-inpainting.png") as after:
        same = np.asarray(before) == np.asarray(after)
    same[1:4, 1:4] = True
    assert same.all()
    assert label["verb"] == f"inpaint {file.name} 1,1,3,3"
    assert label["weights_sha256"] == load(run).config["weights_sha256"]
    other = file.rename(tmp_path / "other.v2.png")
    done = multigan("inpaint", run, other, "--mask", "1,1,3,3", *quick, "--out", tmp_path / "p")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "p" / "other_v2-inpainting.png").is_file()


@pytest.mark.slow
def test_an_item_is_varied_and_moved_along_a_direction(multigan, tiny_runs, tmp_path):
    run = tiny_runs("image/digits")
    (file,) = load(run).save(tmp_path, 1, 5)
    assert multigan("directions", run, "-k", 1, "--out", tmp_path / "d").returncode == 0
    found = tmp_path / "d" / "directions.safetensors"
    done = multigan("edit", run, file, "--directions", found, "--steps", 2, "--out", tmp_path / "e")
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "e" / f"{file.stem}-edit.png") as strip:
        assert strip.width > 5 * strip.height
    done = multigan("vary", run, "--like", file, "-n", 4, "--out", tmp_path / "v")
    assert done.returncode == 0, done.stderr


def test_a_line_is_filled_and_labelled(multigan, tiny_runs, tmp_path):
    run = tiny_runs("text/surnames")
    done = multigan("inpaint", run, "Sm_th", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert all(text[:2] == "Sm" and text[3:] == "th" for text in texts)
    assert (tmp_path / "inpainting.txt").read_text().splitlines() == texts
    assert read(tmp_path / "inpainting.txt")["verb"] == "inpaint Sm_th"


def test_a_mask_is_needed(multigan, tiny_runs, tmp_path):
    done = multigan("inpaint", tiny_runs("image/digits"), tmp_path / "x.png", "--out", tmp_path)
    assert done.returncode == 2
    assert "--mask x,y,w,h" in done.stderr


def test_a_long_sound_keeps_all_around_its_gap_and_says_what_was_looked_at(multigan, tiny_runs, tmp_path):
    run = tiny_runs("audio/drums")
    wave = 0.5 * np.sin(np.arange(44_100 * 2) / 20)
    soundfile.write(tmp_path / "loop.wav", np.stack([wave, wave], 1), 44_100)
    quick = ("--steps", 1, "--starts", 1)
    done = multigan("inpaint", run, tmp_path / "loop.wav", "--mask", "1.50-1.51", *quick, "--out", tmp_path / "p")
    assert (done.returncode, done.stderr) == (0, "")
    assert "of its 2.00 s taken" in done.stdout
    before, _ = soundfile.read(tmp_path / "loop.wav")
    after, rate = soundfile.read(tmp_path / "p" / "loop-inpainting.wav")
    assert (after.shape, rate) == (before.shape, 44_100)
    gap = slice(round(1.5 * 44_100), round(1.51 * 44_100))
    assert np.abs(after - before)[gap].max() > 1e-3
    after[gap] = before[gap]
    assert np.abs(after - before).max() <= 1 / 32767
    done = multigan("invert", run, tmp_path / "loop.wav", "--at", "1", *quick, "--out", tmp_path / "i")
    assert done.returncode == 0, done.stderr
    assert "loop.wav: resampled from 44,100 to 16,000 Hz; brought from 2 to 1 channel; 1.00 to" in done.stdout
    done = multigan("invert", run, tmp_path / "loop.wav", "--at", "2", *quick, "--out", tmp_path / "n")
    assert done.returncode == 2
    assert "0 up to its end at 2.00 s" in done.stderr
    assert not (tmp_path / "n").exists()


def test_lines_that_are_no_file_names_and_files_that_are_no_text(multigan, tiny_runs, tmp_path):
    run = tiny_runs("text/surnames")
    done = multigan("inpaint", run, "_" * 5000, "--out", tmp_path / "a")
    assert done.returncode == 2
    assert "shorten it" in done.stderr
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    done = multigan("inpaint", run, tmp_path / "a.txt", "--out", tmp_path / "a")
    assert done.returncode == 2
    assert "is not UTF-8" in done.stderr
