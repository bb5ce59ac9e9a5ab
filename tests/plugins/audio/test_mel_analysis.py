import librosa
import numpy as np
import pytest
import torch

from multigan.plugins.audio.mel_analysis import MelAnalysis
from tests.plugins.audio.test_mel_definition import made

RATE, SAMPLES = 8000, 4096


def wave():
    time = np.arange(SAMPLES) / RATE
    noise = np.random.default_rng(0).normal(size=SAMPLES)
    return 0.3 * np.sin(2 * np.pi * 440 * time) + 0.2 * np.sin(2 * np.pi * 1333 * time) + 0.05 * noise


@pytest.mark.parametrize("power", [1.0, 2.0])
@pytest.mark.parametrize(("scale", "norm"), [("slaney", True), ("htk", False)])
@pytest.mark.parametrize("log", ["ln", "log10", "db", "none"])
def test_it_is_what_librosa_makes(power, scale, norm, log):
    mel = made(RATE, SAMPLES, power=power, scale=scale, norm=norm, log=log, n_mels=20)
    wanted = librosa.feature.melspectrogram(
        y=wave(), sr=RATE, n_fft=256, hop_length=64, n_mels=20, power=power, htk=scale == "htk",
        norm="slaney" if norm else None, pad_mode="reflect",
    )  # fmt: skip
    wanted = np.maximum(wanted, 1e-5)
    wanted = {
        "ln": np.log(wanted), "log10": np.log10(wanted), "db": 20 / power * np.log10(wanted), "none": wanted
    }[log]  # fmt: skip
    got = MelAnalysis(mel)(torch.from_numpy(wave()).float()[None, None])[0]
    np.testing.assert_allclose(got, wanted, atol=2e-3 if log != "db" else 3e-2, rtol=2e-3)


@pytest.mark.parametrize("power", [1.0, 2.0])
@pytest.mark.parametrize("norm", [True, False])
def test_the_loudest_band_is_that_of_a_sine(power, norm):
    analysis = MelAnalysis(made(RATE, SAMPLES, power=power, norm=norm, log="db"))
    time = torch.arange(SAMPLES, dtype=torch.float64) / RATE
    sines = [torch.sin(2 * torch.pi * k * RATE / 256 * time).float()[None, None] for k in range(4, 120)]
    most = max(float(analysis(sine)[..., 8:-8].max()) for sine in sines)
    assert abs(20 / power * np.log10(analysis.loudest()) - most) < 0.5
    low, high = analysis.bounds()
    assert (low, high) == pytest.approx((20 / power * -5, 20 / power * np.log10(analysis.loudest())))


def test_padding_as_in_hifigan():
    mel = made(RATE, SAMPLES, pad="same", window=200)
    padded = np.pad(wave(), 96, mode="reflect")
    spectrum = np.abs(librosa.stft(padded, n_fft=256, hop_length=64, win_length=200, center=False))
    bank = librosa.filters.mel(sr=RATE, n_fft=256, n_mels=40)
    wanted = np.log(np.maximum(bank @ np.sqrt(spectrum**2 + 1e-9), 1e-5))
    got = MelAnalysis(mel)(torch.from_numpy(wave()).float()[None, None])[0]
    assert got.shape == (40, 64)
    np.testing.assert_allclose(got, wanted, atol=2e-3)


@pytest.mark.parametrize("power", [1.0, 2.0])
@pytest.mark.parametrize("log", ["ln", "log10", "db", "none"])
def test_sizes_of_bins_explain_the_spectrum(power, log):
    analysis = MelAnalysis(made(RATE, SAMPLES, power=power, log=log))
    spectra = analysis(torch.from_numpy(wave()).float().view(1, 2, -1)[..., : SAMPLES // 2])
    sizes = analysis.sizes(spectra)
    assert sizes.shape == (2, 129, 33)
    again = analysis._log((analysis.bank @ (sizes**power)).clamp_min(1e-5)).flatten(0, 1)
    bands = analysis.natural(spectra)[0]
    assert (analysis.natural(again[None])[0] - bands).abs()[bands > 0].mean() < 0.03
    means = analysis.means(spectra)
    assert means.shape == sizes.shape
    assert (means.mean() / sizes.mean()).item() == pytest.approx(1, abs=0.4)


def test_nets_see_the_same_whatever_the_definition():
    x = torch.from_numpy(wave()).float()[None, None]
    seen = []
    for log in ("ln", "log10", "db", "none"):
        analysis = MelAnalysis(made(RATE, SAMPLES, log=log))
        seen.append(analysis.natural(analysis(x)))
    for other in seen[1:]:
        torch.testing.assert_close(other, seen[0], atol=1e-4, rtol=1e-4)
