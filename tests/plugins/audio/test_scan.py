import numpy as np
import soundfile

from multigan.plugins.audio.scan import hear, is_silent


def test_a_sound_is_heard_as_it_is(tmp_path):
    wave = np.random.default_rng(0).uniform(-0.5, 0.5, (100, 2)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", wave, 8000, subtype="FLOAT")
    heard = hear(tmp_path / "a.wav")
    assert (heard.rate, heard.fault) == (8000, "")
    np.testing.assert_array_equal(heard.wave, wave)
    brought = heard.brought_to(8000, 2, "none")
    np.testing.assert_allclose(brought / 32767, wave.T, atol=2e-5)
    assert is_silent([heard]) == []


def test_quiet_files_are_brought_to_a_common_peak_and_silence_is_left(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.full(10, 0.01), 8000, subtype="FLOAT")
    assert abs(hear(tmp_path / "a.wav").brought_to(8000, 1, "peak")).max() == round(0.95 * 32767)
    soundfile.write(tmp_path / "b.wav", np.zeros(10), 8000)
    silent = hear(tmp_path / "b.wav")
    assert abs(silent.brought_to(8000, 1, "peak")).max() == 0
    assert is_silent([silent]) == [silent]
