import numpy as np
import pytest
import torch

from multigan.plugins.audio.features import log_mel, mel_statistics


@pytest.mark.parametrize(("rate", "samples"), [(8000, 100), (16_000, 8192), (44_100, 44_100)])
def test_any_rate_and_length(rate, samples):
    x = torch.randn(3, 2, samples) * 0.1
    features = mel_statistics(x, rate)
    assert features.shape == (3, 256)
    assert torch.isfinite(features).all()
    assert torch.equal(features, mel_statistics(x, rate))


def test_a_tone_lights_its_band():
    t = torch.arange(16_000) / 16_000
    low, high = (log_mel(torch.sin(2 * np.pi * f * t)[None, None], 16_000)[0].mean(1).argmax() for f in (200, 4000))
    assert low < high


def test_silence_is_the_floor():
    assert (log_mel(torch.zeros(1, 1, 4096), 16_000) == -80).all()
