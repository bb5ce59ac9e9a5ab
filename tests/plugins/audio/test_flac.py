import numpy as np
import pytest
import soundfile

from multigan.plugins.audio.flac import read_flac


@pytest.mark.parametrize(("rate", "channels", "samples"), [(8_000, 1, 4_000), (44_100, 2, 300_000), (96_000, 1, 2**19)])
def test_only_a_head_that_says_less_than_the_file_holds_is_wrong(tmp_path, rate, channels, samples):
    wave = np.random.default_rng(0).normal(0, 0.1, (samples, channels))
    path = tmp_path / "a.flac"
    soundfile.write(path, wave, rate)
    assert read_flac(path) is None
    data = bytearray(path.read_bytes())
    for claimed in (1, samples // 2, samples - 1):
        data[22:26] = claimed.to_bytes(4, "big")
        path.write_bytes(data)
        head = read_flac(path)
        assert (head.claimed, head.place, head.open_end[1:]) == (claimed, 21, bytes(4))
    for claimed in (0, samples, samples + 1):
        data[22:26] = claimed.to_bytes(4, "big")
        path.write_bytes(data)
        assert read_flac(path) is None


def test_what_is_no_flac_or_has_no_frames_is_left_alone(tmp_path):
    for data in (b"", b"fLaC", b"RIFF" + bytes(100), b"fLaC" + bytes([0, 0, 0, 34]) + b"\xff\xf8" * 100):
        (tmp_path / "a.flac").write_bytes(data)
        assert read_flac(tmp_path / "a.flac") is None
