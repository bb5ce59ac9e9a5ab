"""A generator that is given an input, trained for a moment, on files of all kinds."""

import numpy as np
import pytest
import torch
from PIL import Image

import multigan
from multigan.core.errors import DataError, UnsupportedError
from multigan.generator.applying import wanted

SMALL = ["G.width=2", "D.width=2", "train.batch=8", "train.samples=16", "train.vitals=2", "train.sheets=1"]


def test_a_run_keeps_its_input_and_what_fit_alone_has_made(negatives):
    names = {path.name for path in negatives.folder.iterdir()}
    assert {"generator", "generator-best", "generator-fit", "report.html"} <= names
    generator = negatives.generator
    assert generator.input_spec == multigan.Spec("image", (3, 8, 8))
    fit = multigan.load(negatives.folder, "fit")
    assert fit.config["samples_seen"] == 16
    assert not torch.equal(next(fit.net.parameters()), next(generator.net.parameters()))
    with Image.open(next((negatives.folder / "samples").iterdir())) as sheet:
        assert sheet.width == sheet.height  # 36 in six columns
    assert "Rows of input, output, target" in (negatives.folder / "report.html").read_text()
    assert "vitals/D_accuracy_heldout" in (negatives.folder / "metrics.jsonl").read_text()


@pytest.mark.parametrize("size", [(8, 8), (31, 5), (1, 1), (100, 64)])
def test_any_size_comes_back(negatives, tmp_path, size, noisy_picture):
    noisy_picture(size).save(tmp_path / "x.png")
    made = negatives.generator.apply(tmp_path / "x.png")
    assert (made.size, made.mode) == (size, "RGB")


def test_transparency_is_kept(negatives, tmp_path, noisy_picture):
    picture = noisy_picture((9, 7), "RGBA")
    picture.save(tmp_path / "x.png")
    made = negatives.generator.apply(tmp_path / "x.png")
    assert made.mode == "RGBA"
    assert made.getchannel("A").tobytes() == picture.getchannel("A").tobytes()


def test_strength_mixes_with_the_file(negatives, tmp_path, noisy_picture):
    picture = noisy_picture((8, 8))
    picture.save(tmp_path / "x.png")
    none, half, whole = (
        np.asarray(negatives.generator.apply(tmp_path / "x.png", strength=s), float) for s in (0, 0.5, 1)
    )
    assert np.array_equal(none, np.asarray(picture))
    assert np.abs(half - (none + whole) / 2).max() <= 1
    with pytest.raises(DataError, match="strength = 2"):
        negatives.generator.apply(tmp_path / "x.png", strength=2)


def test_what_makes_samples_of_nothing_refuses_it_and_the_other_way_round(negatives, tmp_path, tiny_runs):
    with pytest.raises(UnsupportedError, match=r"given an input; .*multigan apply RUN FILES"):
        negatives.generator.generate(1)
    with pytest.raises(UnsupportedError, match="makes samples of nothing"):
        multigan.load(tiny_runs("image/digits")).apply(tmp_path / "x.png")


def test_names_stay_and_none_is_used_twice(tmp_path):
    for name in ("a.png", "a.jpg", "sub/a.png", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = [(str(one.folder), one.name) for one in wanted([tmp_path, tmp_path / "a.png"], (".png", ".jpg"))]
    assert found == [(".", "a"), (".", "a.png"), ("sub", "a"), (".", "a.png-2")]
