"""Notes of an instrument that changes, synthesised: two octaves, each note in many timbres."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from multigan.plugins.audio.note_names import hertz_of

__all__ = ["PITCHES", "synthesise_notes"]

PITCHES = tuple(str(number) for number in range(48, 73))
"""MIDI numbers: C3 to C5."""
SEED = 440
FADE_SECONDS = 0.02


def synthesise_notes(each: int, samples: int, rate: int) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """`each` notes of every pitch.

    Args:
        each: how many of a pitch.
        samples: length of each.
        rate: sampling rate in Hz.

    Returns:
        int16 `(25 * each, samples)`, peaks at .95; and labels in the order of `PITCHES`.
    """
    rng = np.random.default_rng(SEED)
    waves = [_note(rng, hertz_of(name) or 0.0, samples, rate) for name in PITCHES for _ in range(each)]
    whole = [np.round(wave / np.abs(wave).max() * 0.95 * 32767).astype(np.int16) for wave in waves]
    return np.stack(whole), np.repeat(np.arange(len(PITCHES)), each)


def _note(rng: Generator, pitch_hz: float, samples: int, rate: int) -> NDArray[np.float64]:
    """Partials that die the sooner the higher they are, a breath of noise as it begins, and a short fade."""
    seconds = np.arange(samples) / rate
    partials, tilt, decay = rng.integers(3, 13), rng.uniform(0.6, 2.2), rng.uniform(0.3, 3.0)
    even = 0.15 if rng.random() < 0.3 else 1.0  # as of a closed pipe
    wave = np.zeros(samples)
    for order in range(1, partials + 1):
        hertz = pitch_hz * order * 2 ** (rng.uniform(-5, 5) / 1200)
        if hertz < 0.45 * rate:
            loud = order**-tilt * (even if order % 2 == 0 else 1.0)
            wave += (
                loud
                * np.sin(2 * np.pi * hertz * seconds + rng.uniform(0, 6.28))
                * np.exp(-seconds * decay * order**0.5)
            )
    wave += rng.uniform(0, 0.2) * rng.standard_normal(samples) * np.exp(-40 * seconds)
    rise = np.minimum(1, seconds / rng.uniform(0.002, 0.06))
    faded: NDArray[np.float64] = wave * rise * np.minimum(1, (seconds[-1] - seconds) / FADE_SECONDS)
    return faded
