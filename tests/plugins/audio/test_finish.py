import numpy as np
import pytest

from multigan.plugins.audio.finish import Finish, done_to, finish

RATE = 8000
RAW = Finish(False, 0, 0.0, 0.0, 0.0, None)


def only(**changes):
    return Finish(**{**vars(RAW), **changes})


def tone(seconds=0.5, hz=440.0, amplitude=0.5, rate=RATE):
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def test_raw_touches_nothing():
    wave = np.random.default_rng(0).uniform(-1, 1, (100, 2)).astype(np.float32)
    done, rate = finish(wave, RATE, RAW)
    assert rate == RATE
    assert np.array_equal(done, wave)


@pytest.mark.parametrize("stereo", [False, True])
def test_a_constant_goes_and_a_tone_stays(stereo):
    wave = tone()
    wave = np.stack([wave, 0.5 * wave], 1) if stereo else wave
    done, _ = finish(wave + np.float32(0.3), RATE, only(dc=True))
    assert done.shape == wave.shape
    middle = slice(RATE // 10, -RATE // 10)
    assert np.abs(done[middle] - wave[middle]).max() < 0.01  # and not delayed: no phase shift
    still, _ = finish(np.full(2000, 0.4, np.float32), RATE, only(dc=True))
    assert np.abs(still).max() < 1e-6
    short, _ = finish(np.full(5, 0.4, np.float32), RATE, only(dc=True))
    assert np.abs(short).max() < 1e-6


@pytest.mark.parametrize("rate", [4000, 11_025, 48_000])
def test_resampling_keeps_pitch_level_and_length(rate):
    done, got = finish(tone(), RATE, only(rate_hz=rate))
    truth = tone(rate=rate)
    assert got == rate
    assert abs(len(done) - len(truth)) <= 1
    middle = slice(rate // 10, 4 * rate // 10)
    assert np.abs(done[middle] - truth[middle]).max() < 1e-3


def test_the_tail_is_cut_where_it_falls_below_the_level():
    wave = np.zeros(1000, np.float32)
    wave[100], wave[400], wave[700] = 0.5, 0.5 * 10 ** (-59 / 20), 0.5 * 10 ** (-61 / 20)
    assert len(finish(wave, RATE, only(trim_db=-60.0))[0]) == 401
    assert len(finish(np.stack([0 * wave, wave], 1), RATE, only(trim_db=-60.0))[0]) == 401
    assert len(finish(wave, RATE, only(trim_db=-62.0))[0]) == 701
    assert len(finish(np.zeros(1000, np.float32), RATE, only(trim_db=-60.0))[0]) == 1000


def test_fades_are_linear_and_never_overlap():
    ones = np.ones(1000, np.float32)
    done, _ = finish(ones, RATE, only(fade_in_ms=1.0, fade_out_ms=2.0))
    assert np.allclose(done[:8], np.arange(8) / 8)
    assert np.allclose(done[-16:], np.arange(16)[::-1] / 16)
    assert np.array_equal(done[8:-16], ones[8:-16])
    short, _ = finish(np.ones((4, 2), np.float32), RATE, only(fade_in_ms=9.0, fade_out_ms=9.0))
    assert np.allclose(short[:, 1], [0, 0.5, 0.5, 0])
    assert len(finish(np.ones(1, np.float32), RATE, Finish())[0]) == 1


@pytest.mark.parametrize("amplitude", [0.01, 0.9, 1.5])
def test_the_peak_is_where_it_was_asked_for(amplitude):
    done, _ = finish(tone(amplitude=amplitude), RATE, only(peak_db=-1.0))
    assert 20 * np.log10(np.abs(done).max()) == pytest.approx(-1.0, abs=1e-3)


def test_silence_is_not_made_louder():
    hiss = np.full(100, 5e-4, np.float32)
    assert np.array_equal(finish(hiss, RATE, only(peak_db=-1.0))[0], hiss)
    assert not finish(np.zeros(100, np.float32), RATE, Finish())[0].any()


def test_what_is_too_loud_is_clipped():
    assert np.abs(finish(tone(amplitude=1.5), RATE, RAW)[0]).max() == 1


@pytest.mark.parametrize("seconds", [0.05, 0.5])
def test_a_hit_that_begins_at_its_loudest_gets_no_thump(seconds):
    t = np.arange(round(seconds * RATE)) / RATE
    hit = (0.7 * np.cos(2 * np.pi * 400 * t) * np.exp(-30 * t)).astype(np.float32)
    done, _ = finish(hit, RATE, only(dc=True))
    assert np.abs(done - hit).max() < 0.05
    spectrum, hertz = np.abs(np.fft.rfft(done, 8192)) ** 2, np.fft.rfftfreq(8192, 1 / RATE)
    assert spectrum[hertz < 60].sum() / spectrum.sum() < 0.01


def test_what_was_done_is_told():
    wave = np.concatenate([tone(0.25), np.zeros(2000, np.float32)])
    how = Finish()
    facts = done_to((wave, RATE), finish(wave, RATE, how), how)
    assert facts["trim_db"] == -60.0
    assert facts["cut_seconds"] == pytest.approx(0.25, abs=0.05)  # the high-pass rings a little
    assert facts["gain_db"] == pytest.approx(5.0, abs=0.2)
    assert done_to((wave, RATE), finish(wave, RATE, RAW), RAW) == {}


def test_trimming_cuts_no_hit_that_is_heard():
    """A decaying tone is there until it is 40 dB below its loudest; the cut is at 60."""
    seconds = np.arange(RATE) / RATE
    for half_life in (0.002, 0.01, 0.05):
        wave = (tone(1.0) * 0.5 ** (seconds / half_life)).astype(np.float32)
        done, _ = finish(wave, RATE, Finish())
        assert len(done) / RATE > min(0.99, half_life * np.log2(10 ** (40 / 20)))
