import re

import numpy as np

from multigan.report.sound import spectrum, wave_shape


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
