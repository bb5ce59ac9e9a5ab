"""Pitch and onsets of sounds: how high, how voiced, how many beginnings and how regular."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Onsets", "Pitch", "onsets_of", "pitch_of"]

LOWEST_HZ, HIGHEST_HZ = 65.0, 2093.0  # C2 to C7
FRAME_SECONDS = 0.064
SILENT = 1e-3


@dataclass(frozen=True)
class Pitch:
    """Of a set of sounds.

    Attributes:
        median_hz: of all voiced frames; None where there is none.
        spread_semitones: standard deviation of the sounds' median pitches; None with fewer than two voiced sounds.
        voiced: share of frames with a pitch.
    """

    median_hz: float | None
    spread_semitones: float | None
    voiced: float


@dataclass(frozen=True)
class Onsets:
    """Of a set of sounds.

    Attributes:
        per_second: mean number of onsets over mean length.
        gap_spread_seconds: standard deviation of the gaps between onsets of one sound; None with fewer than two gaps.
    """

    per_second: float
    gap_spread_seconds: float | None


def pitch_of(waves: Sequence[NDArray[np.float32]], sample_rate_hz: int) -> Pitch:
    """Pitch between C2 and C7 by probabilistic YIN, frames of 64 ms.

    Args:
        waves: mono, `(samples,)` each.
        sample_rate_hz: of all.

    Source: Mauch & Dixon 2014 (pYIN), as librosa has it.
    """
    import librosa

    frame = 1 << max(8, round(np.log2(FRAME_SECONDS * sample_rate_hz)))
    lowest = max(LOWEST_HZ, 2.1 * sample_rate_hz / frame)
    highest = min(HIGHEST_HZ, sample_rate_hz / 4)
    medians, voiced, frames = list[float](), list[float](), 0
    for wave in waves:
        if np.abs(wave).max() < SILENT:
            frames += 1 + len(wave) // (frame // 4)
            continue
        hz, sure, _ = librosa.pyin(wave, sr=sample_rate_hz, fmin=lowest, fmax=highest, frame_length=frame)
        frames += len(hz)
        voiced += hz[sure].tolist()
        medians += [float(np.median(hz[sure]))] if sure.any() else []
    spread = float(np.std(12 * np.log2(medians))) if len(medians) > 1 else None
    return Pitch(float(np.median(voiced)) if voiced else None, spread, len(voiced) / max(frames, 1))


def onsets_of(waves: Sequence[NDArray[np.float32]], sample_rate_hz: int) -> Onsets:
    """Onsets by rises of the log-mel spectrum.

    Args:
        waves: mono, `(samples,)` each.
        sample_rate_hz: of all.

    Source: Böck & Widmer 2013 (spectral flux), as librosa has it.
    """
    from librosa import onset  # type: ignore[attr-defined]

    found, seconds, gaps = 0, 0.0, list[float]()
    hop = max(32, round(0.01 * sample_rate_hz))
    for wave in waves:
        seconds += len(wave) / sample_rate_hz
        if np.abs(wave).max() < SILENT:
            continue
        # A beginning at the first sample has nothing before it that it could rise from.
        padded = np.concatenate([np.zeros(8 * hop, np.float32), wave])
        strength = onset.onset_strength(
            y=padded, sr=sample_rate_hz, hop_length=hop, n_fft=4 * hop, n_mels=32, fmax=sample_rate_hz / 2
        )
        times = onset.onset_detect(onset_envelope=strength, sr=sample_rate_hz, hop_length=hop, units="time")
        found += len(times)
        gaps += np.diff(times).tolist()
    return Onsets(found / max(seconds, 1e-9), float(np.std(gaps)) if len(gaps) > 1 else None)
