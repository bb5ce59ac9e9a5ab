"""From a generator's wave to a sound that can be dropped into a sampler."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Finish", "done_to", "finish"]

Wave = NDArray[np.float32]
HIGH_PASS_HZ = 10.0
SILENCE = 1e-3  # -60 dBFS: what a generator makes below that is nothing, and louder it would be hiss


@dataclass(frozen=True)
class Finish:
    """What is done to every sound, in this order.

    Attributes:
        dc: remove what is below 10 Hz.
        rate_hz: resample to this rate; 0 = as the generator makes it.
        trim_db: cut the tail after the last sample above this level, relative to the peak; 0 = keep it.
        fade_in_ms: linear fade at the start.
        fade_out_ms: linear fade at the end.
        peak_db: level of the largest sample, in dBFS; None = as it is.
    """

    dc: bool = True
    rate_hz: int = 0
    trim_db: float = -60.0
    fade_in_ms: float = 0.2  # of 2 ms, hits lost 6 dB of their first two
    fade_out_ms: float = 2.0
    peak_db: float | None = -1.0


def finish(wave: Wave, rate_hz: int, how: Finish) -> tuple[Wave, int]:
    """Clean, resample, trim, fade and level one sound.

    Args:
        wave: `(samples,)` or `(samples, channels)` in [-1, 1].
        rate_hz: its sampling rate.
        how: what to do.

    Returns:
        The sound in the same layout and its rate; at least one sample long, within [-1, 1].
    """
    if how.dc:
        wave = _without_dc(wave, rate_hz)
    if how.rate_hz and how.rate_hz != rate_hz:
        import soxr

        wave, rate_hz = soxr.resample(wave, rate_hz, how.rate_hz, quality="VHQ"), how.rate_hz
    if how.trim_db:
        wave = _trimmed(wave, how.trim_db)
    wave = _faded(wave, round(how.fade_in_ms * rate_hz / 1000), round(how.fade_out_ms * rate_hz / 1000))
    peak = float(np.abs(wave).max())
    if how.peak_db is not None and peak > SILENCE:
        wave = wave * (10 ** (how.peak_db / 20) / peak)
    return wave.clip(-1, 1).astype(np.float32), rate_hz


def done_to(before: tuple[Wave, int], after: tuple[Wave, int], how: Finish) -> dict[str, float]:
    """What `finish` made of a sound: `trim_db` and the `cut_seconds` of its end, and `gain_db`, of what was done.

    Args:
        before: `(samples,)` or `(samples, channels)`, and the rate in Hz.
        after: the same of what `finish` gave.
        how: it was done.
    """
    cut = max(0.0, len(before[0]) / before[1] - len(after[0]) / after[1])
    peaks = [float(np.abs(wave).max()) for wave, _ in (before, after)]
    facts = {"trim_db": how.trim_db, "cut_seconds": round(cut, 6)} if how.trim_db else {}
    if how.peak_db is not None and min(peaks) > SILENCE:
        facts["gain_db"] = round(20 * float(np.log10(peaks[1] / peaks[0])), 2)
    return facts


def _without_dc(wave: Wave, rate_hz: int) -> Wave:
    """A first-order high-pass at 10 Hz, forwards and backwards: no phase shift, and a constant becomes zero.

    Before and behind a sound is silence. A filter that goes on with what stands at the edges, as is usual, takes a hit
    that begins at its loudest for the end of a step, and puts a thump louder than the hit in its place.
    """
    from scipy import signal

    centred: Wave = wave - np.median(wave, axis=0, keepdims=True)
    if len(wave) < 16 or rate_hz <= 4 * HIGH_PASS_HZ:
        level: Wave = centred - centred.mean(0, keepdims=True)
        return level
    sections: Any = signal.butter(1, HIGH_PASS_HZ, "highpass", fs=rate_hz, output="sos")
    around = rate_hz // 10
    silence = [(around, around)] + [(0, 0)] * (wave.ndim - 1)
    passed = signal.sosfiltfilt(sections, np.pad(centred, silence), axis=0, padlen=0)
    kept: Wave = passed[around : around + len(wave)].astype(np.float32)
    return kept


def _trimmed(wave: Wave, trim_db: float) -> Wave:
    level = np.abs(wave) if wave.ndim == 1 else np.abs(wave).max(1)
    if level.max() <= SILENCE:
        return wave
    loud = np.flatnonzero(level > level.max() * 10 ** (trim_db / 20))
    return wave[: loud[-1] + 1]


def _faded(wave: Wave, first: int, last: int) -> Wave:
    """Linear ramps over the first and last samples; where they would meet, each is at most half of the sound."""
    half = len(wave) // 2
    first, last = min(first, half), min(last, half)
    ramp = np.ones(len(wave), np.float32)
    if first:
        ramp[:first] = np.arange(first) / first
    if last:
        ramp[-last:] = np.arange(last)[::-1] / last
    return wave * (ramp if wave.ndim == 1 else ramp[:, None])
