"""Pitch and onsets of sounds whose truth is known."""

import numpy as np
import pytest

from multigan.plugins.audio.pitch import onsets_of, pitch_of

RATE = 8000
TIME = np.arange(RATE, dtype=np.float32) / RATE


def tone(hz):
    return (0.5 * np.sin(2 * np.pi * hz * TIME)).astype(np.float32)


def clicks(times):
    wave = np.zeros(2 * RATE, np.float32)
    generator = np.random.default_rng(0)
    for start in times:
        length = RATE // 20
        place = int(start * RATE)
        wave[place : place + length] += (generator.normal(size=length) * np.exp(-np.arange(length) / 80)).astype("f4")
    return wave * 0.3


def test_pitch_and_its_spread_are_those_of_the_tones():
    found = pitch_of([tone(200), tone(400)], RATE)
    assert found.spread_semitones == pytest.approx(6.0, abs=0.2)
    assert found.voiced > 0.8
    assert pitch_of([tone(300)], RATE).median_hz == pytest.approx(300, rel=0.02)


def test_silence_has_no_pitch_and_no_onset():
    found = pitch_of([np.zeros(RATE, np.float32)], RATE)
    assert (found.median_hz, found.spread_semitones, found.voiced) == (None, None, 0.0)
    assert onsets_of([np.zeros(RATE, np.float32)], RATE).per_second == 0


def test_onsets_are_counted_and_gaps_measured():
    regular, irregular = onsets_of([clicks([0.3, 0.8, 1.3])], RATE), onsets_of([clicks([0.3, 0.5, 1.6])], RATE)
    assert regular.per_second == irregular.per_second == pytest.approx(1.5)
    assert regular.gap_spread_seconds < 0.03
    assert irregular.gap_spread_seconds == pytest.approx(0.45, abs=0.05)
