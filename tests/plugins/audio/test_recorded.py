import numpy as np
import soundfile

from multigan.core.draw import Draw
from multigan.plugins.audio.recorded import Recorded, read_noises


def test_short_noises_go_round_and_long_ones_are_cut_anywhere(tmp_path):
    ramp = np.linspace(-0.9, 0.9, 500)
    soundfile.write(tmp_path / "a.wav", ramp, 8000)
    made = Recorded(str(tmp_path), 8000)(Draw(0), 3, 1200)
    assert made.shape == (3, 1200)
    assert (made[:, :700] == made[:, 500:]).all()
    cut = Recorded(str(tmp_path), 8000)(Draw(0), 16, 100)
    assert len(set(cut[:, 0].tolist())) > 8
    assert ((cut[:, 1:] - cut[:, :-1]) > 0).all()


def test_files_are_read_once(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.random.default_rng(0).uniform(-1, 1, 500), 8000)
    assert read_noises(str(tmp_path), 8000) is read_noises(str(tmp_path), 8000)
