import numpy as np
import pytest
import soundfile

from multigan.core.errors import DataError, WriteError
from multigan.plugins.audio.whole_sounds import deliver, read_whole
from multigan.provenance.labels import label

LABEL = label("trial", "0" * 64, "trial", 0)


def test_a_sound_is_read_and_written_as_it_was(tmp_path):
    x = np.random.default_rng(0).uniform(-1, 1, (500, 2)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", x, 11_025, subtype="FLOAT")
    sound, rate, notes = read_whole(tmp_path / "a.wav")
    assert not notes
    assert (sound.shape, rate) == ((2, 500), 11_025)
    found = deliver(tmp_path / "a.wav", tmp_path / "out", sound * 2, rate, LABEL, ["said"])
    again, _ = soundfile.read(found.files[0])
    np.testing.assert_array_equal(again, np.clip(2 * x, -1, 1))
    assert found.notes[0] == "said"
    assert "samples above full scale were clipped" in found.notes[1]


def test_that_a_file_was_cut_off_is_said(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(4000), 2000)
    (tmp_path / "a.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:4044])
    sound, _, notes = read_whole(tmp_path / "a.wav")
    assert sound.shape == (1, 2000)
    assert "cut off, what is there is used" in notes[0]


def test_what_is_no_sound_is_named(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"no sound")
    with pytest.raises(DataError, match="is no sound that can be used"):
        read_whole(tmp_path / "a.wav")


def test_a_full_disk_is_told_and_nothing_stays(tmp_path, monkeypatch):
    def full(self, block):
        raise soundfile.LibsndfileError(1)

    soundfile.write(tmp_path / "x.wav", np.zeros(100), 8000)
    monkeypatch.setattr(soundfile.SoundFile, "write", full)
    with pytest.raises(WriteError, match=r"cannot write .*out\.wav"):
        deliver(tmp_path / "x.wav", tmp_path / "out", np.zeros((1, 100), np.float32), 8000, LABEL)
    assert [one.name for one in tmp_path.iterdir()] == ["x.wav"]
