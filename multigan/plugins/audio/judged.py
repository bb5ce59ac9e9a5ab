"""Sounds as a fresh judge sees them."""

from torch import Tensor

from multigan.plugins.audio.features import log_mel

__all__ = ["as_heard"]

HUSH_DB = -30.0
"""A sine at full scale has about 35 dB: what is 65 dB below it, as digital silence or faint hiss, is all one."""


def as_heard(x: Tensor, sample_rate_hz: int) -> Tensor:
    """Waves `(batch, channels, samples)` in [-1, 1] -> log-mel power `(batch, 1, 64, frames)` in dB, at least -30.

    Waves are first brought to the 16 bits of a file.
    """
    x = (x.float().clamp(-1, 1) * 32767).round() / 32767
    return log_mel(x, sample_rate_hz).clamp_min(HUSH_DB)[:, None]
