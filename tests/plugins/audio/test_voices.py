import numpy as np

from multigan.plugins import modalities
from multigan.plugins.audio.voices import (
    HIGH,
    LOW,
    synthesise_high_voices,
    synthesise_low_voices,
    synthesise_voices,
    told_by,
)


def test_voices_are_the_same_everywhere_and_differ_from_each_other():
    one, again = (synthesise_voices(2, 4000, 8000) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not np.array_equal(*one)
    assert all(np.abs(wave.astype(int)).max() == round(0.95 * 32767) for wave in one)


def test_they_are_voiced_hiss_and_pause():
    wave = synthesise_voices(3, 24_000, 8000)[1].astype(float)
    frames = wave[: len(wave) // 256 * 256].reshape(-1, 256)
    power = (frames**2).mean(1)
    assert (power < power.max() / 1e4).any()  # a pause
    spectra = np.abs(np.fft.rfft(frames * np.hanning(256))) ** 2
    middle = (spectra * np.arange(129)).sum(1) / (spectra.sum(1) + 1e-9) * 8000 / 256
    loud = power > power.max() / 1e3
    assert middle[loud].min() < 900 < 1800 < middle[loud].max()  # vowels, and a hiss


def test_they_are_a_source_by_name():
    found = modalities.get("audio").load("voices", samples=1024, sample_rate_hz=8000)
    assert found.spec.meta["sample_rate_hz"] == 8000
    assert len(found.items) == 200 * 23
    assert found.items.groups.unique().numel() == 200


def test_two_voices_say_the_same_at_the_same_time():
    low, high = (told_by(voice, 3, 24_000, 8000).astype(float) for voice in (LOW, HIGH))
    again = told_by(LOW, 3, 24_000, 8000)
    assert np.array_equal(low, again)
    frames = [np.sqrt((x.reshape(-1, 240) ** 2).mean(1)) for x in (low, high)]
    said = [x > x.max() / 30 for x in frames]
    assert (said[0] == said[1]).mean() > 0.9
    middle = [
        (np.abs(np.fft.rfft(x)) ** 2 * np.arange(12_001)).sum() / (np.abs(np.fft.rfft(x)) ** 2).sum()
        for x in (low, high)
    ]
    assert middle[1] > 1.2 * middle[0]


def test_the_two_sets_say_different_things():
    low, high = synthesise_low_voices(2, 4000, 8000), synthesise_high_voices(2, 4000, 8000)
    assert np.array_equal(low[1], told_by(LOW, 1, 4000, 8000))
    assert np.array_equal(high[0], told_by(HIGH, 2, 4000, 8000))
