import numpy as np
import pytest

from multigan.plugins.audio.traits import Ear

RATE = 16_000


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def tone(seconds, hertz=440.0, decay=0.0):
    t = np.arange(round(seconds * RATE)) / RATE
    return (np.sin(2 * np.pi * hertz * t) * np.exp(-decay * t)).astype(np.float32)


def heard(*parts, block=10**9):
    wave = np.concatenate(parts)[:, None]
    ear = Ear()
    ear.begin(RATE, 1)
    for first in range(0, len(wave), block):
        ear.add(wave[first : first + block])
    ear.end()
    return ear.traits


def test_a_tone_begins_and_ends_where_its_silence_does():
    traits = heard(silence(0.3), tone(0.5), silence(0.4))
    assert traits.start == pytest.approx(0.295)
    assert traits.end == pytest.approx(0.8)
    assert traits.onsets == 1
    assert traits.rolloff_hz == pytest.approx(440, abs=2 * RATE / 1024)


def test_a_decay_ends_forty_decibels_down():
    assert heard(tone(2, decay=10.0)).end == pytest.approx(np.log(100) / 10, abs=0.02)


@pytest.mark.parametrize("hertz", [30, 55, 440])
def test_hits_are_counted_and_halves_of_low_tones_are_not(hertz):
    assert heard(tone(1, hertz)).onsets == 1
    assert heard(*[tone(0.3, hertz, decay=15.0)] * 4).onsets == 4


def test_a_short_hit_after_a_click_of_its_own_counts_once():
    assert heard(tone(0.02), silence(0.02), tone(0.3, decay=10.0)).onsets == 1


def test_blocks_change_nothing():
    parts = (silence(0.1), tone(0.7, decay=3.0), tone(0.4, 3000))
    whole, cut = heard(*parts), heard(*parts, block=777)
    assert cut[:3] == whole[:3]
    assert cut.rolloff_hz == pytest.approx(whole.rolloff_hz, abs=4 * RATE / 1024)


def test_silence_has_no_traits():
    assert heard(silence(1)) is None
    assert heard(silence(0)) is None
