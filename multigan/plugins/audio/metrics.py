"""Scores of sounds that catch what goes wrong: silence, clipping, whine, sameness."""

import torch
from torch import Tensor

from multigan.plugins.audio.features import mel_statistics

__all__ = ["scores", "tone_ratio_db"]

SILENT_RMS = 1e-3  # -60 dB
CLIPPED = 0.999
BAND = 3  # bins on each side of a tone


def scores(real: Tensor, fake: Tensor, sample_rate_hz: int) -> dict[str, float]:
    """Scores of fakes `(m, c, samples)` against reals `(n, c, samples)`.

    `silent` and `clipped` are shares of sounds and of samples; `dc` the mean offset; `level_db` and `brightness` fake
    over real (0 dB and 1 are right); `tones_db` how much louder the up-sampling tones are than in reals; `spread_ratio`
    the mean distance between fakes over that between reals.
    """
    return {
        "silent": (_rms(fake) < SILENT_RMS).double().mean().item(),
        "clipped": (fake.abs() > CLIPPED).double().mean().item(),
        "dc": fake.mean((1, 2)).abs().mean().item(),
        "level_db": 20 * torch.log10(_rms(fake).mean() / _rms(real).mean().clamp_min(1e-9)).item(),
        "brightness": (_centroid(fake) / _centroid(real).clamp_min(1e-9)).item(),
        "tones_db": tone_ratio_db(fake) - tone_ratio_db(real),
        "spread_ratio": _spread(fake, sample_rate_hz) / max(_spread(real, sample_rate_hz), 1e-9),
    }


def tone_ratio_db(x: Tensor) -> float:
    """Power at 1/4 and 1/16 of the sampling rate over the bins around, in dB; stride-4 up-sampling whines there.

    Args:
        x: `(n, channels, samples)`.

    Source: Donahue, McAuley & Puckette 2019 (WaveGAN), section 3.3; Odena et al. 2016 (checkerboard artifacts).
    """
    power = torch.fft.rfft(x.double().mean(1)).abs().square().mean(0)
    n = x.shape[2]
    ratios = []
    for fraction in (4, 16):
        k = n // fraction
        around = torch.cat([power[k - 8 * BAND : k - BAND], power[k + BAND + 1 : k + 8 * BAND + 1]]).mean()
        ratios.append((power[k - 1 : k + 2].max() + 1e-20) / (around + 1e-20))
    return 10 * torch.log10(torch.stack(ratios)).mean().item()


def _rms(x: Tensor) -> Tensor:
    return x.double().square().mean((1, 2)).sqrt()


def _centroid(x: Tensor) -> Tensor:
    power = torch.fft.rfft(x.double().mean(1)).abs().square().sum(0)
    bins = torch.arange(len(power), dtype=power.dtype)
    return torch.dot(power, bins).div(power.sum().clamp_min(1e-20))


def _spread(x: Tensor, sample_rate_hz: int) -> float:
    return torch.pdist(mel_statistics(x, sample_rate_hz)).mean().item() if len(x) > 1 else 0.0
