"""Noise by what it has on average, beside the average of many draws of it."""

import numpy as np
import pytest
import torch

from multigan.plugins.audio import spectra
from multigan.plugins.audio.hiss import Hiss
from multigan.plugins.audio.mel_picture import MelPicture

DRAWS = 300


def sizes(picture, seed=0):
    """Amplitudes that fall over bins and over frames, unlike each other, `(frames, bins)`; a frame is silent."""
    chance = torch.Generator().manual_seed(seed)
    bins = len(picture.window) // 2 + 1
    out = 0.5 + torch.rand(picture.frames, bins, generator=chance)
    out = out * torch.linspace(1, 0.1, bins) * torch.linspace(1, 0.2, picture.frames)[:, None]
    out[picture.frames // 2] = 0
    return out


@pytest.mark.parametrize("window", spectra.WINDOWS)
@pytest.mark.parametrize(("samples", "rate_hz", "hop_seconds"), [(8192, 16_000, 0.008), (3000, 8000, 0.016)])
def test_it_is_the_mean_of_many_draws(samples, rate_hz, hop_seconds, window):
    picture = MelPicture(samples, rate_hz, bands=32, iterations=0, hop_seconds=hop_seconds, most_frames=10_000)
    size, late = sizes(picture), window // 5
    noise = torch.randn(2, DRAWS, *size.shape, generator=torch.Generator().manual_seed(1)) / 2**0.5
    drawn = spectra._powers(picture.wave(size * torch.complex(*noise)), window, late).mean(0)
    said = Hiss(size[None].square(), picture.hop, samples).powers(window, late, len(drawn))[0]
    apart_db = (10 * torch.log10(said / drawn))[1:-1, 1:-1].flatten().numpy()
    # 300 draws of a power are known to .25 dB.
    assert abs(np.median(apart_db)) < 0.05
    assert np.quantile(np.abs(apart_db), 0.95) < 1.2
    assert abs(10 * torch.log10(said.sum() / drawn.sum())) < 0.1


def test_each_sound_has_its_own_and_amplitudes_their_gradients():
    size = sizes(MelPicture(2048, 8000, bands=16, iterations=0)).requires_grad_()
    both = Hiss(torch.stack([size, 2 * size]).square(), 128, 2048).powers(512, 100, 9)
    assert torch.allclose(both[1], 4 * both[0], rtol=1e-4)
    both[0].sum().backward()
    assert (size.grad >= 0).all()
    assert size.grad[1:-1].sum(1).count_nonzero() == len(size) - 3  # all but the silent frame


def test_windows_that_no_frame_reaches_are_silent():
    power = torch.zeros(1, 16, 257)
    power[0, 0] = 1.0
    powers = Hiss(power, 128, 2048).powers(128, 0, 33)[0]
    assert (powers[:4] > 0).all()
    assert powers[5:].abs().max() < 1e-12
