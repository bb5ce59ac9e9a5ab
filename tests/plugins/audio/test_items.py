import numpy as np
import pytest
import soundfile

from multigan.errors import DataError
from multigan.plugins.audio import items
from multigan.plugins.audio.items import read, read_hole
from multigan.types import Spec

SPEC = Spec("audio", (1, 1000), (), {"sample_rate_hz": 8000})


def test_a_short_stereo_file_at_another_rate_is_brought_to_the_generators(tmp_path):
    wave = 0.1 * np.sin(2 * np.pi * 500 * np.arange(800) / 16000)
    soundfile.write(tmp_path / "a.wav", np.stack([wave, wave], 1), 16000)
    item = read(tmp_path / "a.wav", SPEC)
    assert item.shape == SPEC.shape
    assert item[0, :400].abs().max() == pytest.approx(0.95, abs=0.01)
    assert (item[0, 400:] == 0).all()
    expected = 0.95 * np.sin(2 * np.pi * 500 * np.arange(400) / 8000)
    assert np.abs(item[0, 50:350].numpy() - expected[50:350]).max() < 0.05


def test_a_long_file_is_cut(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.full(5000, 0.5), 8000)
    assert read(tmp_path / "a.wav", SPEC).shape == (1, 1000)


def test_what_is_no_sound_is_refused(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"")
    with pytest.raises(DataError, match="empty file"):
        read(tmp_path / "a.wav", SPEC)
    with pytest.raises(DataError, match="no file"):
        read(tmp_path / "b.wav", SPEC)


def test_a_gap_in_seconds():
    hole = read_hole("0.025-0.05", SPEC)
    assert hole.nonzero()[:, 1].tolist() == list(range(200, 400))


@pytest.mark.parametrize("text", ["0-1", "0.05-0.02", "3-4", "1,2", "", "a-b", "-1-2"])
def test_what_makes_no_gap_is_refused(text):
    with pytest.raises(DataError):
        read_hole(text, SPEC)


def test_a_sound_of_hours_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(items, "LONGEST_SECONDS", 0.5)
    soundfile.write(tmp_path / "a.flac", np.zeros(8000), 8000)
    with pytest.raises(DataError, match="lasts 1 s"):
        read(tmp_path / "a.flac", SPEC)
