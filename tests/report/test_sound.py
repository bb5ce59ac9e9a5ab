import re

import numpy as np
import pytest

from multigan.report.sound import spectrum, time_axis, wave_shape


def test_the_envelope_shows_a_click():
    wave = np.zeros(16_000, np.float32)
    wave[8_000] = 1.0
    tops = [float(y) for _, y in re.findall(r"(\d+) ([\d.]+)", wave_shape(wave, "x").split('d="M')[1])][:160]
    assert tops[80] == 0.0
    assert set(tops[:80]) == {20.0}


def test_high_notes_are_above_low_ones():
    seconds = np.arange(16_000) / 16_000
    bright = []
    for pitch in (200, 6000):
        grey = np.asarray(spectrum(np.sin(2 * np.pi * pitch * seconds).astype(np.float32), 16_000).convert("L"))
        bright.append(int(grey.mean(1).argmax()))
    assert bright[0] > bright[1] + 20


def test_stereo_and_very_short_sounds():
    assert spectrum(np.zeros((8, 2), np.float32), 16_000).size == (256, 96)
    assert "svg" in wave_shape(np.zeros(3, np.float32), "x")


def test_a_spectrogram_has_colours_and_few_bytes(tmp_path):
    noise = np.random.default_rng(0).normal(size=8000).astype(np.float32) * 0.1
    picture = spectrum(noise, 8000)
    picture.save(tmp_path / "one.png")
    assert (tmp_path / "one.png").stat().st_size < 20_000
    red, _, blue = np.asarray(picture.convert("RGB"), dtype=float).reshape(-1, 3).T
    assert np.abs(red - blue).max() > 60
    assert np.asarray(picture).max() > np.asarray(picture).min() + 10


@pytest.mark.parametrize(
    ("samples", "rate", "marks"),
    [(8000, 8000, ["0", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1 s"]), (4096, 8000, ["0", "0.2 s", "0.4 s"])],
)
def test_time_has_an_axis(samples, rate, marks):
    axis = time_axis(samples, rate)
    assert re.findall(r">([^<>]+)</text>", axis) == marks
    places = [float(x) for x in re.findall(r'd="M([\d.]+) 0', axis)]
    assert places[1] == pytest.approx(0.2 * rate / samples * 256, abs=0.1)


@pytest.mark.parametrize("samples", [1, 37, 16_000 * 3600])
def test_time_has_an_axis_at_any_length(samples):
    assert 2 <= len(re.findall("</text>", time_axis(samples, 16_000))) <= 7
