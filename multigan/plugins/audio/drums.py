"""One-shot drums, synthesised: real enough to learn from, free to ship, the same everywhere."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

__all__ = ["KINDS", "synthesise_drums"]

Wave = NDArray[np.float64]
SEED = 808


def _envelope(n: int, rate: int, decay_seconds: float) -> Wave:
    return np.exp(-np.arange(n) / (rate * decay_seconds))


def _sweep(n: int, rate: int, start_hz: float, end_hz: float, fall_seconds: float) -> Wave:
    """A sine whose pitch falls exponentially from start to end."""
    hertz = end_hz + (start_hz - end_hz) * _envelope(n, rate, fall_seconds)
    wave: Wave = np.sin(2 * np.pi * np.cumsum(hertz) / rate)
    return wave


def _high_pass(x: Wave, rate: int, cut_hz: float) -> Wave:
    """Noise without what lies below `cut_hz`."""
    spectrum = np.fft.rfft(x)
    hertz = np.fft.rfftfreq(len(x), 1 / rate)
    return np.fft.irfft(spectrum * (hertz > cut_hz), len(x))


def _kick(rng: Generator, n: int, rate: int) -> Wave:
    body = _sweep(n, rate, rng.uniform(150, 300), rng.uniform(40, 60), rng.uniform(0.02, 0.05))
    return body * _envelope(n, rate, rng.uniform(0.08, 0.2))


def _snare(rng: Generator, n: int, rate: int) -> Wave:
    tone = _sweep(n, rate, rng.uniform(220, 300), rng.uniform(160, 200), 0.02) * _envelope(n, rate, 0.05)
    noise = _high_pass(rng.standard_normal(n), rate, 800) * _envelope(n, rate, rng.uniform(0.05, 0.12))
    return 0.5 * tone + 0.4 * noise


def _hat(rng: Generator, n: int, rate: int) -> Wave:
    decay = rng.choice([rng.uniform(0.01, 0.03), rng.uniform(0.06, 0.12)])
    return _high_pass(rng.standard_normal(n), rate, min(5000, 0.35 * rate)) * _envelope(n, rate, decay)


def _tom(rng: Generator, n: int, rate: int) -> Wave:
    pitch = rng.uniform(90, 200)
    return _sweep(n, rate, 1.6 * pitch, pitch, 0.06) * _envelope(n, rate, rng.uniform(0.1, 0.2))


KINDS: dict[str, Callable[[Generator, int, int], Wave]] = {"hat": _hat, "kick": _kick, "snare": _snare, "tom": _tom}


def synthesise_drums(each: int, samples: int, rate: int) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """`each` drums of every kind.

    Args:
        each: how many of a kind.
        samples: length of each.
        rate: sampling rate in Hz.

    Returns:
        int16 `(4 * each, samples)`, peaks at .95; and labels, the kinds in alphabetical order.
    """
    rng = np.random.default_rng(SEED)
    waves: list[NDArray[Any]] = []
    for make in KINDS.values():
        for _ in range(each):
            wave = make(rng, samples, rate)
            fade = np.minimum(1, np.arange(samples, 0, -1) / (0.005 * rate))
            wave = wave * fade
            waves.append(np.round(wave / np.abs(wave).max() * 0.95 * 32767).astype(np.int16))
    return np.stack(waves), np.repeat(np.arange(len(KINDS)), each)
