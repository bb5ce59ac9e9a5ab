"""A generator that is given an input, trained for a moment, on files of all kinds."""

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

import multigan
from multigan.core.errors import DataError, UnsupportedError
from multigan.generator.applying import endings_of, wanted, write_applied
from multigan.generator.generator import Generator, make_config
from multigan.plugins.audio import fourier
from multigan.plugins.audio.wavegan import build_generator

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


def test_an_autoencoder_of_sounds_gives_files_back_and_other_generators_of_nothing_do_not(tmp_path):
    spec = multigan.Spec("audio", (1, 8192), (), {"sample_rate_hz": 8000})
    config = make_config("t", "", "t", {}, {})
    net = fourier.build_generator(spec, width=8, nz=4, flow=1, flow_width=8)
    generator = Generator(net, spec, config)
    soundfile.write(tmp_path / "a.wav", 0.1 * np.random.default_rng(0).normal(size=9000), 22_050)
    made, rate = generator.apply(tmp_path / "a.wav")
    assert (made.shape, rate) == ((9000,), 22_050)
    one = next(wanted([tmp_path / "a.wav"], endings_of(generator)))
    done = write_applied(generator, one, tmp_path / "out", 0, 1, 1.0)
    assert soundfile.info(done.files[0]).frames == 9000
    with pytest.raises(DataError, match="draws nothing"):
        write_applied(generator, one, tmp_path / "out", 0, 2, 1.0)
    wavegan = Generator(build_generator(spec, width=2), spec, config)
    with pytest.raises(UnsupportedError, match="makes samples of nothing"):
        wavegan.apply(tmp_path / "a.wav")
