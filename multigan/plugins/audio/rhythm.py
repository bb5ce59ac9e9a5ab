"""A rhythm before a sound, for those who hear it and do not see its metadata."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["with_rhythm"]

UNIT_SECONDS = 0.09
TONE_HZ = 800
LEVEL = 0.3
FADE_SECONDS = 0.004
RHYTHM = ((1, 1), (3, 3), (1, 1), (1, 7))  # (tone, silence) in units: short long, short short


def with_rhythm(wave: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """The sound after four beeps, short-long short-short: "AI" in Morse code; the sound itself is untouched.

    Args:
        wave: `(samples,)` or `(samples, channels)` in [-1, 1].
        rate_hz: its sampling rate.

    Source: GB 45438-2025, section 5.3: the rhythm. Its speed, pitch and level are ours.
    """
    parts: list[NDArray[Any]] = []
    for tone, silence in RHYTHM:
        parts += [_beep(tone * UNIT_SECONDS, rate_hz), np.zeros(round(silence * UNIT_SECONDS * rate_hz))]
    beeps = np.concatenate(parts).astype(np.float32)
    if wave.ndim > 1:
        beeps = np.repeat(beeps[:, None], wave.shape[1], 1)
    return np.concatenate([beeps, wave])


def _beep(seconds: float, rate_hz: int) -> NDArray[Any]:
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    ramp = np.minimum(1, np.minimum(time, seconds - time) / FADE_SECONDS)
    return LEVEL * ramp * np.sin(2 * np.pi * min(TONE_HZ, rate_hz / 4) * time)
