"""One look at every sound file: what it is, and whether it can be read at all."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

__all__ = ["SUFFIXES", "Heard", "hear", "is_silent"]

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff", ".opus", ".m4a")
SILENCE = 1e-4  # -80 dB
PEAK = 0.95


class Heard(NamedTuple):
    """A file that was read, or why not.

    Attributes:
        path: the file.
        wave: float32 `(samples, channels)` at the file's own rate; empty where there is a fault.
        rate: sampling rate in Hz.
        fault: why it cannot be used, or "".
    """

    path: Path
    wave: NDArray[np.float32]
    rate: int
    fault: str = ""

    def brought_to(self, rate: int, channels: int, normalise: str) -> NDArray[np.int16]:
        """int16 `(channels, samples)` at another rate, with other channels, at a common peak."""
        wave: NDArray[Any] = self.wave
        if wave.shape[1] != channels:
            wave = np.repeat(wave.mean(1, keepdims=True), channels, 1)
        if self.rate != rate:
            wave = soxr.resample(wave, self.rate, rate)
        peak = float(np.abs(wave).max()) if wave.size else 0.0
        gain = PEAK / peak if normalise == "peak" and peak > SILENCE else 1.0
        return np.round(np.clip(wave.T * gain, -1, 1) * 32767).astype(np.int16)


def hear(path: Path) -> Heard:
    """Decode a file: libsndfile first, librosa's decoders for what it cannot."""
    nothing = np.zeros((0, 1), np.float32)
    if path.stat().st_size == 0:
        return Heard(path, nothing, 0, "empty file")
    try:
        wave, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        return _hear_otherwise(path, str(error).split(":")[-1].strip())
    if not len(wave):
        return Heard(path, nothing, 0, "no samples")
    if not np.isfinite(wave).all():
        return Heard(path, nothing, 0, "not a number in its samples")
    return Heard(path, wave, int(rate))


def is_silent(heard: Sequence[Heard]) -> list[Heard]:
    """The files that hold nothing but silence."""
    return [file for file in heard if not file.fault and float(np.abs(file.wave).max()) < SILENCE]


def _hear_otherwise(path: Path, reason: str) -> Heard:
    import warnings

    import librosa

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wave, rate = librosa.load(path, sr=None, mono=False)
    # Decoders behind librosa raise errors of their own kinds; whatever it is, this file is no sound to us.
    except Exception:
        return Heard(path, np.zeros((0, 1), np.float32), 0, f"cannot be decoded ({reason})")
    return Heard(path, np.atleast_2d(wave).T.astype(np.float32), int(rate))
