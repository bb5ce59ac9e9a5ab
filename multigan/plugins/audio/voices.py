"""Voices that say nothing, synthesised: vowels that glide into each other, hisses, pauses, many speakers."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

__all__ = ["HIGH", "LOW", "Voice", "synthesise_high_voices", "synthesise_low_voices", "synthesise_voices", "told_by"]

Wave = NDArray[np.float64]
SEED = 909
VOWELS_HZ = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (300, 870, 2240),
    (530, 1840, 2480),
    (570, 840, 2410),
    (490, 1350, 1690),
)
"""First three formants of men's vowels in father, see, boot, bed, saw and bird: Peterson & Barney 1952, Table II."""
WIDTHS_HZ = (60.0, 90.0, 150.0)
STEP_SECONDS = 0.008
"""Between the moments at which formants and loudness are set; between these they are straight lines."""


class Voice(NamedTuple):
    """Who speaks.

    Attributes:
        tract: what formants are multiplied by: a shorter throat has higher ones.
        hertz: about which the pitch moves.
    """

    tract: float
    hertz: float


LOW, HIGH = Voice(0.95, 105.0), Voice(1.25, 210.0)


class _Said(NamedTuple):
    """What is said at every step.

    Attributes:
        formants: `(steps, 3)` in Hz.
        voiced: loudness of the voice, `(steps,)`.
        hiss: loudness of a consonant.
        bright: where its band begins, in Hz.
    """

    formants: Wave
    voiced: Wave
    hiss: Wave
    bright: Wave


def synthesise_voices(count: int, samples: int, rate: int) -> list[NDArray[np.int16]]:
    """Voices of as many speakers.

    Args:
        count: how many.
        samples: length of each.
        rate: sampling rate in Hz.

    Returns:
        int16 `(samples,)` each, peaks at .95.
    """
    rng = np.random.default_rng(SEED)
    return [_utterance(rng, samples, rate) for _ in range(count)]


def synthesise_low_voices(count: int, samples: int, rate: int) -> list[NDArray[np.int16]]:
    """One low voice that says so many things; see `synthesise_voices`."""
    return [told_by(LOW, number, samples, rate) for number in range(count)]


def synthesise_high_voices(count: int, samples: int, rate: int) -> list[NDArray[np.int16]]:
    """One high voice that says so many other things; see `synthesise_voices`."""
    return [told_by(HIGH, count + number, samples, rate) for number in range(count)]


def told_by(voice: Voice, number: int, samples: int, rate: int) -> NDArray[np.int16]:
    """What is said at a number, by a voice: whoever says it, vowels, pauses, loudness and melody are the same.

    Args:
        voice: who says it.
        number: which of all utterances.
        samples: of it.
        rate: sampling rate in Hz.

    Returns:
        int16 `(samples,)`, its peak at .95.
    """
    return _utterance(np.random.default_rng([SEED, number]), samples, rate, voice)


def _utterance(rng: Generator, samples: int, rate: int, voice: Voice | None = None) -> NDArray[np.int16]:
    step = max(1, round(STEP_SECONDS * rate))
    steps = samples // step + 2
    tract = rng.uniform(0.95, 1.25)
    said = _plan(rng, steps, tract if voice is None else voice.tract)
    low = rng.uniform(80, 260)
    low = low if voice is None else voice.hertz
    bends = np.interp(np.arange(steps), np.arange(0, steps + 40, 40), rng.uniform(0.85, 1.2, steps // 40 + 2))
    fall = 1 - 0.2 * np.arange(steps) / steps
    wave = _voice(low * bends * fall, said, samples, step, rate) + _hiss(rng, said, samples, step, rate)
    quantised: NDArray[np.int16] = np.round(wave / np.abs(wave).max() * 0.95 * 32767).astype(np.int16)
    return quantised


def _plan(rng: Generator, steps: int, tract: float) -> _Said:
    """Syllables: now and then a hiss, then a vowel; and pauses."""
    formants, voiced, hiss = np.zeros((steps, 3)), np.zeros(steps), np.zeros(steps)
    bright = np.full(steps, 2500.0)
    at, vowel = 0, np.array(VOWELS_HZ[0], float) * tract
    while at < steps:
        if rng.random() < 0.5:
            end = at + int(rng.integers(6, 14))
            hiss[at:end], bright[at:end] = rng.uniform(0.05, 0.3), rng.uniform(1500, 5000)
            formants[at:end] = vowel
            at = min(end, steps - 1)
        goal = np.array(VOWELS_HZ[rng.integers(len(VOWELS_HZ))], float) * tract * rng.uniform(0.95, 1.05, 3)
        length = int(rng.integers(12, 35))
        piece = slice(at, min(at + length, steps))
        glide = np.minimum(1, np.arange(length) / (0.4 * length))[:, None]
        formants[piece] = (vowel + (goal - vowel) * glide)[: piece.stop - at]
        voiced[piece] = (rng.uniform(0.4, 1) * np.hanning(length + 2)[1:-1] ** 0.5)[: piece.stop - at]
        at, vowel = at + length, goal
        if rng.random() < 0.25:
            end = at + int(rng.integers(8, 40))
            formants[at:end] = vowel
            at = end
    return _Said(formants, voiced, hiss, bright)


def _voice(pitch: Wave, said: _Said, samples: int, step: int, rate: int) -> Wave:
    """Harmonics of a glottal pulse, 6 dB an octave down once it has left the lips, shaped by the formants."""
    place = np.arange(samples) / step
    steps = np.arange(len(pitch))
    turn = 2 * np.pi * np.cumsum(np.interp(place, steps, pitch)) / rate
    wave = np.zeros(samples)
    for number in range(1, int(rate / 2 / pitch.min()) + 1):
        hertz = number * pitch
        loud = said.voiced / number * _resonance(hertz, said.formants) * (hertz < 0.47 * rate)
        wave += np.interp(place, steps, loud) * np.sin(number * turn)
    return wave


def _resonance(hertz: Wave, formants: Wave) -> Wave:
    """Gain of three resonators in a row, 1 at 0 Hz."""
    gain = np.ones_like(hertz)
    for k, width in enumerate(WIDTHS_HZ):
        peak = np.maximum(formants[:, k], 1.0)
        ratio = hertz / peak
        gain /= np.sqrt((1 - ratio**2) ** 2 + (ratio * width / peak) ** 2) + 1e-9
    return gain


def _hiss(rng: Generator, said: _Said, samples: int, step: int, rate: int) -> Wave:
    """Noise above a band's beginning, one band an utterance's quarter of a second or less."""
    loud = np.interp(np.arange(samples) / step, np.arange(len(said.hiss)), said.hiss)
    wave, spectrum = np.zeros(samples), np.fft.rfft(rng.standard_normal(samples))
    hertz = np.fft.rfftfreq(samples, 1 / rate)
    for begins in np.unique(said.bright[said.hiss > 0]):
        own = np.repeat((said.bright == begins) & (said.hiss > 0), step)[:samples]
        own = np.pad(own, (0, samples - len(own)))
        band = np.fft.irfft(spectrum / (1 + (min(begins, 0.3 * rate) / np.maximum(hertz, 1)) ** 4), samples)
        wave += band * own
    return wave * loud
