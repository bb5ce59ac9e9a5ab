"""Files through nets from mel spectra to mel spectra."""

import numpy as np
import pytest
import soundfile
import torch

from multigan.core.errors import DataError
from multigan.nets.both_ways import BothWays
from multigan.plugins.audio import retimbre
from multigan.plugins.audio.mel_samples import scaled_mel_of
from multigan.plugins.audio.resound import pour
from multigan.plugins.audio.retimbre import quiet_cuts, sounded, through
from multigan.plugins.audio.timbre import build_timbre
from multigan.provenance.labels import label, read
from tests.plugins.audio.test_timbre import learnt, mel_spec

LABEL = label("trial", "0" * 64, "trial", 0)


def tone(n, channels=1, rate=8000):
    time = np.arange(n) / rate
    return 0.3 * np.stack([np.sin(2 * np.pi * 440 * (k + 1) * time) for k in range(channels)], 1)


def test_parts_are_the_whole_of_either_kind_of_net(monkeypatch):
    net, x = learnt(), torch.rand(2, 40, 150) * 2 - 1
    with torch.no_grad():
        whole = net(torch.zeros(2, 0), source=x)
    monkeypatch.setattr(retimbre, "PART", 40)
    assert (through(net, x) - whole).abs().max() < 1e-5
    assert (through(BothWays(net, learnt(), mel_spec(), mel_spec()), x) - whole).abs().max() < 1e-5


@pytest.mark.parametrize(
    ("name", "rate", "channels", "subtype", "n"),
    [("a.wav", 8000, 1, "PCM_24", 9000), ("b.wav", 22_050, 2, "FLOAT", 12_345), ("c.flac", 8000, 2, "PCM_16", 77)],
)
def test_rate_channels_length_bits_and_kind_stay(tmp_path, name, rate, channels, subtype, n):
    soundfile.write(tmp_path / name, tone(n, channels, rate), rate, subtype=subtype)
    found = pour(learnt(), tmp_path / name, tmp_path / "out", mel_spec(), LABEL)
    one, other = (soundfile.info(path) for path in (tmp_path / name, found.files[0]))
    for member in ("samplerate", "channels", "frames", "format", "subtype"):
        assert getattr(one, member) == getattr(other, member)
    assert read(found.files[0])


def test_untrained_it_sounds_like_the_file_and_at_strength_0_it_is_the_file(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(16_000), 8000, subtype="FLOAT")
    net = build_timbre(mel_spec(), mel_spec())
    same = pour(net, tmp_path / "a.wav", None, mel_spec(), LABEL, strength=0.0).result[0]
    np.testing.assert_array_equal(same, tone(16_000)[:, 0].astype(np.float32))
    made = pour(net, tmp_path / "a.wav", None, mel_spec(), LABEL).result[0]
    loudest = np.abs(np.fft.rfft(made)).argmax() * 8000 / len(made)
    assert abs(loudest - 440) < 40  # bands are 67 Hz apart there
    assert 0.7 < np.sqrt((made**2).mean()) / np.sqrt((same**2).mean()) < 1.4


def test_between_0_and_1_loudness_is_between(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(8000), 8000, subtype="FLOAT")
    net = build_timbre(mel_spec(), mel_spec())
    with torch.no_grad():
        net.net.out.bias.fill_(-0.5)  # 20 dB fainter
    levels = [
        np.sqrt((pour(net, tmp_path / "a.wav", None, mel_spec(), LABEL, strength=s).result[0] ** 2).mean())
        for s in (0.001, 0.5, 1.0)
    ]
    assert abs(20 * np.log10(levels[1] / levels[0]) + 10) < 2
    assert abs(20 * np.log10(levels[2] / levels[0]) + 20) < 3


def test_long_sounds_are_cut_where_it_is_quiet(monkeypatch):
    loudness = torch.ones(1000)
    loudness[[130, 260, 333, 600]] = 0
    cuts = quiet_cuts(loudness, 200)
    assert {130, 260}.issubset(cuts)
    assert all(100 <= b - a <= 200 for a, b in zip([0, *cuts], cuts, strict=False))
    assert quiet_cuts(loudness[:200], 200) == []
    mel = scaled_mel_of(mel_spec())
    monkeypatch.setattr(retimbre, "PART", 30)
    assert sounded(torch.rand(1, 40, 101) - 1, mel).shape == (1, 1, 100 * mel.hop)


def test_channels_that_do_not_fit_are_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(9000, 3), 8000)
    with pytest.raises(DataError, match=r"a\.wav has 3 channels.*2, as the generator"):
        pour(learnt(2), tmp_path / "a.wav", None, mel_spec(2), LABEL)
