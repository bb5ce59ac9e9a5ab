import numpy as np
import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins.audio.resolutions import SpectrumCritic, build_spectra, windows_of


def test_number_of_parameters():
    D = build_spectra(Spec("audio", (1, 8192), meta={"sample_rate_hz": 24_000}), seen="size")
    assert sum(p.numel() for p in D.parameters()) == 280_902
    one = 32 * 27 + 3 * 32 * 32 * 27 + 32 * 32 * 9 + 5 * 2 * 32 + 32 * 9 + 2
    assert 3 * one == 280_902


@pytest.mark.parametrize(
    ("rate", "windows"), [(8000, (512, 256, 128)), (16_000, (1024, 512, 256)), (44_100, (2048, 1024, 512))]
)
def test_windows_follow_the_rate(rate, windows):
    assert windows_of(rate) == windows


@pytest.mark.parametrize("samples", [64, 999, 4000])
@pytest.mark.parametrize("window", [64, 512])
def test_logits_are_frames_by_an_eighth_of_bins(samples, window):
    bins = window // 2 + 1
    for _ in range(3):
        bins = (bins - 1) // 2 + 1
    logits, features = SpectrumCritic(1, window, 3, "complex")(torch.randn(2, 1, samples))
    assert logits.shape == (2, samples // (window // 4) + 1, bins)
    assert all(f.shape[:3] == (2, 3, logits.shape[1]) for f in features)


@pytest.mark.parametrize("seen", ["size", "complex"])
def test_what_is_seen_equals_float64_with_its_gradient(seen):
    """Frames are cut by hand, and each is a product with the matrix of the transform."""
    samples, window, rate = 300, 64, 8000
    x = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(samples) / rate) + 0.01 * np.random.default_rng(0).normal(
        size=samples
    )
    critic = SpectrumCritic(1, window, 1, seen)
    turn = np.exp(-2j * np.pi * np.outer(np.arange(window), np.arange(window // 2 + 1)) / window)
    shape = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)

    def seen_of(wave):
        padded = torch.nn.functional.pad(wave, (window // 2, window // 2))
        frames = padded.unfold(0, window, window // 4)
        spectrum = (frames * torch.from_numpy(shape)).to(torch.complex128) @ torch.from_numpy(turn) * (2 / shape.sum())
        power = spectrum.abs().square() + 1e-6
        if seen == "size":
            return power.pow(0.15)[None]
        return torch.stack([spectrum.real, spectrum.imag]) * power.pow(-0.35)

    exact = torch.from_numpy(x).requires_grad_(True)
    wanted = seen_of(exact)
    single = torch.from_numpy(x).float().requires_grad_(True)
    got = critic.heard(single[None, None])[0]
    np.testing.assert_allclose(got.detach(), wanted.detach(), atol=1e-4)
    weights = torch.from_numpy(np.random.default_rng(1).normal(size=tuple(wanted.shape)))
    (slope,) = torch.autograd.grad((wanted * weights).sum(), exact)
    (found,) = torch.autograd.grad((got * weights.float()).sum(), single)
    np.testing.assert_allclose(found, slope, atol=1e-3 * float(slope.abs().max()))


def test_a_sine_at_full_scale_is_one():
    wave = torch.sin(2 * torch.pi * 1000 * torch.arange(4000) / 8000)
    heard = SpectrumCritic(1, 512, 1, "size").heard(wave[None, None])
    assert float(heard[0, 0, 10:-10, 64].mean()) == pytest.approx(1, abs=0.01)
