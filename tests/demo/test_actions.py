import math
import threading
import zipfile

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

from multigan.core.errors import DataError, UnknownNameError
from multigan.demo import actions as module
from multigan.demo.actions import LARGEST_SEED
from multigan.provenance import labels as provenance


@pytest.mark.parametrize("modality", ["image", "audio", "text", "points"])
def test_generating_leaves_labelled_files_and_an_archive(actions, modality):
    one = actions(modality)
    result = one.generate(5, seed=2)
    assert len(result.files) == (5 if modality in ("image", "audio") else 1)
    for path in (*result.files, *result.extra):
        assert provenance.read(path)["seed"] == "2"
    assert len(result.texts) == (5 if modality == "text" else 0)
    assert len(result.extra) == (1 if modality in ("audio", "points") else 0)
    with zipfile.ZipFile(result.archive) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert {path.name for path in (*result.files, *result.extra)} <= set(names)
    assert result.archive.name not in names
    again = one.generate(5, seed=2)
    assert again.texts == result.texts
    assert again.archive != result.archive


def test_classes_and_controls_are_those_of_the_generator(actions):
    image, text = actions("image"), actions("text")
    assert image.classes == ("cat", "dog")
    assert [path.name for path in image.generate(2, 7, "dog").files] == ["dog-7-00000.png", "dog-7-00001.png"]
    assert (image.can_walk, image.has_latent, image.has_temperature) == (True, True, False)
    assert (text.classes, text.can_walk, text.has_latent, text.has_temperature) == ((), True, False, True)
    assert text.walk(0, 1, 3).texts[0] == text.generate(1, 0).texts[0]
    with pytest.raises(UnknownNameError, match="no class"):
        image.generate(1, 0, "cow")


def test_a_walk_of_pictures_moves(actions):
    result = actions("image").walk(0, 1, steps=4)
    (gif,) = result.extra
    with Image.open(gif) as image:
        assert image.n_frames == 6  # there and back
    assert len(result.files) == 4
    assert provenance.read(gif)["generator"] == "image"


BAD = [
    {"n": 0},
    {"n": 65},
    {"n": 2.5},
    {"n": "5"},
    {"n": None},
    {"n": True},
    {"n": math.nan},
    {"seed": LARGEST_SEED + 2},
    {"seed": math.inf},
    {"scale": -0.1},
    {"scale": 9},
    {"temperature": 0},
]


@pytest.mark.parametrize("values", BAD, ids=str)
def test_values_out_of_bounds_are_refused(actions, values):
    one = actions("points")
    with pytest.raises(DataError, match="expected a"):
        one.generate(**values)
    assert not one.folder.exists()
    with pytest.raises(DataError):
        one.walk(0, 1, steps=1)


def test_old_results_go(actions, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 3)
    one = actions("points")
    results = [one.generate(1, seed) for seed in range(5)]
    assert [result.archive.exists() for result in results] == [False, False, True, True, True]


def test_threads_wait_for_each_other(actions):
    one = actions("text")
    truth = [one.generate(4, seed, temperature=0.1 + seed / 4).texts for seed in range(6)]
    found = {}

    def work(seed):
        found[seed] = one.generate(4, seed, temperature=0.1 + seed / 4).texts

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[seed] for seed in range(6)] == truth


def picture(folder):
    pixels = torch.randint(0, 255, (8, 8, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    Image.fromarray(pixels.numpy()).save(folder / "given.png")
    return folder / "given.png", pixels


def test_a_box_of_a_picture_is_filled_and_the_rest_kept(actions, tmp_path):
    path, given = picture(tmp_path)
    one = actions("image")
    result = one.inpaint(path, "2,3,4,2", steps=2, starts=1, seed=5)
    with Image.open(result.files[0]) as image:
        filled = torch.from_numpy(np.array(image)).long()
    outside = torch.ones(8, 8, dtype=torch.bool)
    outside[3:5, 2:6] = False
    assert torch.equal(filled[outside], given[outside].long())
    assert not torch.equal(filled, given.long())
    label = provenance.read(result.files[0])
    assert label["digital_source_type"].endswith("compositeWithTrainedAlgorithmicMedia")
    assert (label["seed"], label["verb"]) == ("5", "inpaint")
    assert result.note.startswith("24 of 192 values filled")
    with zipfile.ZipFile(result.archive) as archive:
        assert archive.namelist() == ["filled-5.png"]
    assert provenance.read(result.before[0])["digital_source_type"].endswith("humanEdits")


def test_a_gap_of_a_sound_is_filled_and_the_rest_kept(actions, tmp_path):
    wave = np.linspace(-0.95, 0.95, 2000)
    soundfile.write(tmp_path / "given.wav", wave, 8000)
    result = actions("audio").inpaint(tmp_path / "given.wav", "0.05-0.1", steps=1, starts=1)
    filled, rate_hz = soundfile.read(result.files[0])
    assert (len(filled), rate_hz) == (2000, 8000)
    assert np.abs(filled - wave)[:400].max() < 1e-4
    assert np.abs(filled - wave)[800:].max() < 1e-4


def test_masked_letters_of_a_line_are_filled(actions):
    result = actions("text").fill("c_d")
    assert all(len(text) == 3 and text[0] == "c" and text[2] == "d" for text in result.texts)
    assert provenance.read(result.files[0])["verb"] == "inpaint c_d"


def test_what_can_be_filled_is_told_by_the_generator(actions, tmp_path):
    kinds = [actions(modality).repairs for modality in ("image", "audio", "text", "points")]
    assert kinds == ["picture", "sound", "line", ""]
    with pytest.raises(DataError, match="fills no files"):
        actions("points").inpaint(tmp_path / "x", "")
    with pytest.raises(DataError, match="fills no lines"):
        actions("image").fill("a ____")


def test_inpainting_is_bounded(actions, tmp_path, monkeypatch):
    path, _ = picture(tmp_path)
    one = actions("image")
    for values in ({"steps": 301}, {"starts": 9}, {"steps": None}, {"seed": 0.5}):
        with pytest.raises(DataError, match="expected a"):
            one.inpaint(path, "0,0,2,2", **values)
    with pytest.raises(DataError, match="at most 4 MB"):
        one.inpaint(tmp_path / "missing.png", "0,0,2,2")
    for hole in (str(path), "mask.png", "", None, 3):
        with pytest.raises(DataError, match="the hole"):
            one.inpaint(path, hole)
    monkeypatch.setattr(module, "LARGEST_UPLOAD_BYTES", 10)
    with pytest.raises(DataError, match="at most 4 MB"):
        one.inpaint(path, "0,0,2,2")
    for line in ("c" * 2001, "_" * 4 * 17, "a_\nb", None):
        with pytest.raises(DataError):
            actions("text").fill(line)
