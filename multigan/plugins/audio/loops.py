"""Loops, synthesised: drums on a grid and a bass, each at a tempo of its own, repeated with small changes."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from multigan.plugins.audio.drums import KINDS

__all__ = ["synthesise_loops"]

Wave = NDArray[np.float64]
SEED = 1212
STEPS = 16
"""Of a bar: sixteenths."""
SLOWEST, FASTEST = 90, 130
"""Beats a minute."""
HIT_SECONDS = 0.3
SCALE = (0, 3, 5, 7, 10)
"""Semitones over the key: the minor pentatonic."""
CHANGED = 0.12
"""Share of a bar's optional hits that differ from the loop's."""


def synthesise_loops(count: int, samples: int, rate: int) -> NDArray[np.int16]:
    """So many loops, each with its own kit, pattern, bass line, key and tempo.

    Args:
        count: of loops.
        samples: length of each.
        rate: sampling rate in Hz.

    Returns:
        int16 `(count, samples)`, peaks at .95.
    """
    rng = np.random.default_rng(SEED)
    waves = [_loop(rng, samples, rate) for _ in range(count)]
    return np.stack([np.round(wave / np.abs(wave).max() * 0.95 * 32767).astype(np.int16) for wave in waves])


def _loop(rng: Generator, samples: int, rate: int) -> Wave:
    step = 60 / rng.uniform(SLOWEST, FASTEST) / 4 * rate
    kit = {name: _hit(rng, name, rate) for name in ("kick", "snare", "hat")}
    levels = {"kick": 1.0, "snare": 0.7, "hat": rng.uniform(0.15, 0.35)}
    always, sometimes = _pattern(rng)
    notes = rng.choice(SCALE, STEPS)
    plays = rng.random(STEPS) < 0.45
    plays[0] = True
    key, bright = 36 + int(rng.integers(0, 12)), rng.uniform(1.0, 2.0)
    wave = np.zeros(samples + int(8 * step) + rate)
    for place in range(int(samples / step) + 1):
        at, here = round(place * step), place % STEPS
        for name, hit in kit.items():
            turned = rng.random() < CHANGED
            if always[name][here] or (sometimes[name][here] != turned and sometimes[name].any()):
                wave[at : at + len(hit)] += levels[name] * hit
        if plays[here]:
            tone = _bass(key + int(notes[here]), 1.8 * step / rate, bright, rate)
            wave[at : at + len(tone)] += 0.45 * tone
    return wave[:samples]


def _pattern(rng: Generator) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """Which steps of a bar are struck always, and which by the loop's own habit."""
    steps = np.arange(STEPS)
    offbeat = rng.random(STEPS)
    always = {"kick": steps % 8 == 0, "snare": steps % 8 == 4, "hat": steps % int(rng.choice([2, 4])) == 0}
    sometimes = {"kick": offbeat < 0.15, "snare": offbeat > 0.97, "hat": offbeat > 0.75}
    return always, sometimes


def _hit(rng: Generator, name: str, rate: int) -> Wave:
    length = round(HIT_SECONDS * rate)
    wave = KINDS[name](rng, length, rate) * np.minimum(1, np.arange(length, 0, -1) / (0.02 * rate))
    hit: Wave = wave / np.abs(wave).max()
    return hit


def _bass(note: int, seconds: float, bright: float, rate: int) -> Wave:
    """Five partials that fall by a power of their number, with a short attack and a slow decay."""
    time = np.arange(round(seconds * rate)) / rate
    hertz = 440 * 2 ** ((note - 69) / 12)
    wave = np.zeros(len(time))
    for number in range(1, 6):
        wave += np.sin(2 * np.pi * number * hertz * time) / number**bright
    ends = np.minimum(1, time / 0.005) * np.minimum(1, (seconds - time) / 0.02)
    tone: Wave = wave * ends * np.exp(-2 * time / seconds)
    return tone
