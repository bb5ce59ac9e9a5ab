"""Download-free features of sounds: log-mel statistics."""

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["log_mel", "mel_statistics"]

MELS = 64
WINDOW_SECONDS = 0.032
FLOOR_DB = -80.0


def log_mel(x: Tensor, sample_rate_hz: int) -> Tensor:
    """Log-mel power: `(batch, channels, samples)` -> `(batch, 64, frames)` in dB, at least -80; channels averaged.

    Source: Davis & Mermelstein 1980, the mel filter bank; window 32 ms, hop 8 ms.
    """
    mono = x.float().mean(1)
    mel, window = _mel(sample_rate_hz).to(mono.device), _window(sample_rate_hz)
    if mono.shape[1] < window:
        mono = F.pad(mono, (0, window - mono.shape[1]))
    return 10 * torch.log10(mel(mono).clamp_min(10 ** (FLOOR_DB / 10)))


def mel_statistics(x: Tensor, sample_rate_hz: int) -> Tensor:
    """`(batch, channels, samples)` -> `(batch, 256)`: mean, deviation, maximum, mean rise of 64 log-mel bands.

    Deterministic, without weights; scaled by 1/20 so that a feature has a spread of about 1.

    Source: statistics of log-mel bands as texture descriptors: McDermott & Simoncelli 2011, in their simplest form.
    """
    if not len(x):
        return x.new_zeros(0, 4 * MELS)
    mel = log_mel(x, sample_rate_hz)
    rise = (mel[..., 1:] - mel[..., :-1]).clamp_min(0).mean(2) if mel.shape[2] > 1 else torch.zeros_like(mel[..., 0])
    return torch.cat([mel.mean(2), mel.std(2, correction=0), mel.amax(2), rise], 1) / 20


def _window(sample_rate_hz: int) -> int:
    return max(256, round(WINDOW_SECONDS * sample_rate_hz))


@lru_cache(maxsize=4)
def _mel(sample_rate_hz: int) -> nn.Module:
    import warnings

    from torchaudio.transforms import MelSpectrogram

    window = _window(sample_rate_hz)
    with warnings.catch_warnings():
        # At low rates the lowest bands are narrower than a bin and stay empty; they are floored like silence.
        warnings.simplefilter("ignore")
        mel: nn.Module = MelSpectrogram(sample_rate_hz, n_fft=window, hop_length=window // 4, n_mels=MELS)
        return mel
