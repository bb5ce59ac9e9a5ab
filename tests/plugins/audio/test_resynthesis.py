"""Files through autoencoders of sounds: rows of codes in parts, and hits one by one."""

import math

import numpy as np
import pytest
import soundfile
import torch

from multigan.core.errors import DataError, UnsupportedError
from multigan.core.types import Latent, Spec
from multigan.plugins.audio import endless, fourier, resynthesis
from multigan.plugins.audio.mel_samples import SEEN
from multigan.plugins.audio.resound import pour
from multigan.plugins.audio.resynthesis import resounded
from multigan.provenance.labels import label, read

SAMPLES = 8192
LABEL = label("trial", "0" * 64, "trial", 0)


def spec(channels=1, classes=()):
    return Spec("audio", (channels, SAMPLES), classes, {"sample_rate_hz": 8000})


def row(channels=1, classes=()):
    torch.manual_seed(2)
    given = {"code": 3, "width": 8, "layers": 1, "rows_width": 8, "conditional": bool(classes)}
    net = endless.build_endless(spec(channels, classes), **given)
    torch.nn.init.normal_(net.decoder.head.out.weight, 0, 0.2)
    return net.eval().requires_grad_(False)


def hits(classes=()):
    torch.manual_seed(0)
    given = {"width": 8, "nz": 4, "flow": 1, "flow_width": 8, "conditional": bool(classes)}
    return fourier.build_generator(spec(1, classes), **given).eval().requires_grad_(False)


class Copy(torch.nn.Module):
    """An autoencoder whose code is the sound itself, and that keeps what it was shown."""

    latent = Latent((SAMPLES,))

    def __init__(self):
        super().__init__()
        self.still, self.decoder, self.shown = torch.nn.Parameter(torch.zeros(1)), None, []

    def encode(self, x, cond=None):
        self.shown += list(x)
        return x.flatten(1), torch.zeros_like(x.flatten(1))

    def decode(self, code, cond=None):
        return code.view(-1, 1, SAMPLES)

    def to_code(self, z, cond=None):
        return z

    to_z = to_code

    def surprise(self, code, cond=None):
        return code.sum(1)


def test_rows_go_through_in_parts_as_they_would_at_once(monkeypatch):
    net, x = row(2), 0.1 * torch.randn(1, 2, 512 * 100 + 77)
    whole = resounded(net, x, spec(2))
    monkeypatch.setattr(resynthesis, "PART", 20)
    parts = resounded(net, x, spec(2))
    assert whole.shape == x.shape
    assert (parts - whole).abs().max() < 1e-5 * whole.abs().max()


def test_hits_go_through_one_by_one_each_from_its_beginning_at_the_peak_of_trained_sounds():
    net, x = Copy(), torch.zeros(1, 1, 40_000)
    time = torch.arange(3000) / 8000
    for begin, level in ((1000, 0.9), (6000, 0.5), (25_000, 0.9)):
        x[0, 0, begin : begin + 3000] += level * (2 * math.pi * 300 * time).sin() * (-time / 0.05).exp()
    made = resounded(net, x, spec())
    assert len(net.shown) == 3
    for one in net.shown:
        assert float(one.abs().max()) == pytest.approx(0.95, abs=1e-5)
        assert int((one[0].abs() > 0.05).nonzero()[0]) < 120  # 15 ms
    assert (made - x).abs().max() < 0.02  # below -40 dB there is silence


def test_a_sound_that_is_longer_than_trained_ones_goes_on_and_silence_stays_silence():
    net, time = Copy(), torch.arange(20_000) / 8000
    x = 0.5 * (2 * math.pi * 440 * time).sin()[None, None]
    made = resounded(net, x, spec())
    assert len(net.shown) == 3
    assert (made - x)[..., 100:19_900].abs().mean() < 0.01  # 5 ms of fade at each cut
    assert (resounded(net, torch.zeros(1, 1, 9000), spec()) == 0).all()


@pytest.mark.parametrize("build", [row, hits])
def test_of_several_classes_the_nearest_is_taken(build):
    net, x = build(classes=("a", "b")), 0.3 * torch.randn(1, 1, SAMPLES)
    assert resounded(net, x, spec(classes=("a", "b"))).shape == x.shape


def test_the_nearest_is_that_which_is_nearest():
    x = torch.randn(3, 1, 4000)
    found = resynthesis._nearest(
        x, lambda label: x if int(label) == 1 else torch.roll(x, 1, 0) * 0.1, 2, torch.device("cpu")
    )
    assert torch.equal(found, x)


@pytest.mark.parametrize(("rate", "channels", "subtype"), [(8000, 1, "PCM_24"), (44_100, 2, "PCM_16")])
def test_files_keep_rate_channels_length_kind_and_level(tmp_path, rate, channels, subtype):
    wave = 0.05 * np.random.default_rng(0).normal(size=(12_345, channels))
    soundfile.write(tmp_path / "a.flac", wave, rate, subtype=subtype)
    found = pour(row(), tmp_path / "a.flac", tmp_path / "out", spec(), LABEL)
    one, other = (soundfile.info(path) for path in (tmp_path / "a.flac", found.files[0]))
    for member in ("samplerate", "channels", "frames", "format", "subtype"):
        assert getattr(one, member) == getattr(other, member)
    assert read(found.files[0])["weights_sha256"] == "0" * 64
    same = pour(row(), tmp_path / "a.flac", None, spec(), LABEL, strength=0.0).result[0]
    np.testing.assert_allclose(same, soundfile.read(tmp_path / "a.flac")[0], atol=1e-6)


def test_what_cannot_go_through_is_named(tmp_path):
    soundfile.write(tmp_path / "mono.wav", np.ones(4000) * 0.1, 8000)
    with pytest.raises(DataError, match="has 1 channels; expected 2"):
        pour(row(2), tmp_path / "mono.wav", None, spec(2), LABEL)
    mel = Spec("audio", (40, 33), meta={"sample_rate_hz": 8000, SEEN: {
        "sample_rate_hz": 8000, "n_mels": 40, "n_fft": 256, "window": 256, "hop": 64, "fmin": 0.0, "fmax": 4000.0,
        "scale": "slaney", "norm": True, "power": 1.0, "log": "ln", "floor": 1e-4, "pad": "centre",
    }})  # fmt: skip
    with pytest.raises(UnsupportedError, match=r"leave data\.form away"):
        pour(hits(), tmp_path / "mono.wav", None, mel, LABEL)
