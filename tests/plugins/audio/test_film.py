import numpy as np
import pytest
import soundfile

from multigan.plugins.audio.film import film, joined

RATE = 1000


def test_steps_are_joined_with_crossfades():
    ones, twos = np.full(100, 0.25, np.float32), np.full(100, 0.5, np.float32)
    out = joined([(ones, RATE), (twos, RATE)])
    assert len(out) == 190
    assert out[:90] == pytest.approx(0.25)
    assert out[100:] == pytest.approx(0.5)
    assert (np.diff(out[90:100]) > 0).all()


def test_stereo_and_shorter_than_a_fade():
    short = np.zeros((3, 2), np.float32)
    assert joined([(short, RATE), (short, RATE)]).shape == (3, 2)


def test_every_step_is_a_file(tmp_path):
    wave = np.sin(np.arange(512) / 5).astype(np.float32)
    files = film([(wave, 8000)] * 3, tmp_path / "f", {"seed": "1"}, 3)
    assert [file.name for file in files] == ["f.png", "f.wav", "f-000.wav", "f-001.wav", "f-002.wav"]
    assert soundfile.info(files[1]).frames == 3 * 512 - 2 * 80
