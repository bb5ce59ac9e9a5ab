import numpy as np
import pytest
import soundfile
import soxr

from multigan.plugins.audio import convert, scan
from multigan.plugins.audio.convert import Extent, How, at_one_rate, bring


def tone(seconds=0.5, rate=8000, level=0.5):
    return level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)


def write(path, wave, rate=8000):
    soundfile.write(path, wave, rate, subtype="FLOAT")
    return path


def levels(path, how=How(8000, 1, slice=1000)):  # noqa: B008
    heard, _, found = bring(path, how)
    assert heard.fault == ""
    return found


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16_000, 2), (6000, 1), (8000, 2)])
def test_blocks_and_long_files_come_out_as_whole_ones(tmp_path, monkeypatch, rate, channels):
    wave = np.random.default_rng(0).uniform(-0.5, 0.5, (3000, 2)).astype(np.float32)
    path = write(tmp_path / "a.wav", wave)
    mixed = wave if channels == 2 else wave.mean(1, keepdims=True)
    expected = mixed if rate == 8000 else soxr.resample(mixed, 8000, rate)
    expected = np.round(expected.T * (0.95 / np.abs(expected).max()) * 32767).astype(np.int16)
    np.testing.assert_array_equal(bring(path, How(rate, channels))[1], expected)
    monkeypatch.setattr(scan, "BLOCK_VALUES", 500)
    monkeypatch.setattr(convert, "KEPT_VALUES", 1000)  # it is decoded twice, and never whole in memory as floats
    np.testing.assert_array_equal(bring(path, How(rate, channels))[1], expected)


def test_quiet_files_are_brought_to_a_common_peak_and_silence_is_left(tmp_path):
    quiet = write(tmp_path / "a.wav", np.full(10, 0.01))
    assert abs(bring(quiet, How(8000, 1))[1]).max() == round(0.95 * 32767)
    assert abs(bring(write(tmp_path / "b.wav", np.zeros(10)), How(8000, 1))[1]).max() == 0


def test_silence_is_measured_after_all_that_is_done_to_a_sound(tmp_path):
    loud = levels(write(tmp_path / "a.wav", tone()))
    assert (loud.silence(anywhere=False), loud.peak, loud.beyond) == (
        "",
        pytest.approx(0.5, abs=0.01),
        pytest.approx(0.95),
    )
    assert levels(write(tmp_path / "b.wav", np.zeros(99))).silence(anywhere=True) == "nothing above -80 dB"
    assert levels(write(tmp_path / "c.wav", np.full(99, 0.3))).silence(anywhere=True) == "nothing but a constant"
    opposite = levels(write(tmp_path / "d.wav", np.stack([tone(), -tone()], 1)))
    assert opposite.silence(anywhere=True) == "nothing is left once it is mixed down and resampled"
    high = 0.5 * np.sin(2 * np.pi * 23_000 * np.arange(48_000) / 48_000)
    high *= np.hanning(48_000)
    assert "nothing is left" in levels(write(tmp_path / "e.wav", high, 48_000)).silence(anywhere=True)
    late = levels(write(tmp_path / "f.wav", np.concatenate([np.zeros(2000), tone()])))
    assert (late.silence(anywhere=True), late.silence(anywhere=False)) == ("", "nothing in the slice at its beginning")


def test_both_sides_of_a_stereo_sound_count(tmp_path):
    path = write(tmp_path / "a.wav", np.stack([np.zeros(4000), tone()], 1))
    assert levels(path, How(8000, 2, slice=1000)).silence(anywhere=False) == ""


def test_what_goes_beyond_full_scale_is_told_where_levels_are_left_alone(tmp_path):
    path = write(tmp_path / "a.wav", tone(level=3))
    assert levels(path, How(8000, 1, "none")).beyond == pytest.approx(3, abs=0.01)
    assert levels(path, How(8000, 1, "peak")).beyond == pytest.approx(0.95)
    assert abs(bring(path, How(8000, 1, "none"))[1]).max() == 32767


def test_memory_is_asked_for_before_it_is_taken(tmp_path):
    path, asked = write(tmp_path / "a.wav", tone()), []
    bring(path, How(16_000, 2), reserve=asked.append)
    assert asked == [8000 * 2 * 2]


def test_a_file_that_changes_under_our_hands_is_left_out(tmp_path, monkeypatch):
    path = write(tmp_path / "a.wav", tone())
    monkeypatch.setattr(convert, "KEPT_VALUES", 100)
    heard, wave, _ = bring(path, How(8000, 1), reserve=lambda count: write(path, tone(0.1)) and None)
    assert (heard.fault, wave.shape) == ("changed while it was read", (1, 0))


def test_the_rate_is_that_of_most_files_that_can_be_decoded(tmp_path, hostile):
    write(tmp_path / "a.wav", tone(), 8000)
    for k in range(3):
        (tmp_path / f"{k}.flac").write_bytes(hostile.halved(hostile.encoded("FLAC", rate=16_000)))
    files, asked, ticks = sorted(tmp_path.iterdir()), [], []

    def looking_at(rate):
        asked.append(rate)
        return scan.hear

    rate, heard = at_one_rate(files, 0, looking_at, lambda done, total: ticks.append((done, total)))
    assert (rate, asked) == (8000, [16_000, 8000])
    assert [bool(one.fault) for one in heard] == [True] * 3 + [False]
    assert ticks == [(1, 4), (2, 4), (3, 4), (4, 4)] * 2
    assert at_one_rate(files, 6000, looking_at)[0] == 6000
    assert at_one_rate(files[:3], 0, looking_at)[0] == 0
    assert at_one_rate([], 0, looking_at) == (0, [])


def test_what_a_look_raises_stops_the_others(tmp_path):
    begun = []

    def look(path):
        begun.append(path)
        raise MemoryError("full")

    with pytest.raises(MemoryError):
        at_one_rate([tmp_path / str(k) for k in range(1000)], 8000, lambda rate: look)
    assert len(begun) < 100


def test_an_extent_of_nothing_is_silent():
    extent = Extent()
    extent.add(np.zeros((0, 1), np.float32))
    assert (extent.peak, extent.is_silent()) == (0, True)
    extent.add(np.array([[-0.5], [0.25]], np.float32))
    assert (extent.peak, extent.is_silent()) == (0.5, False)
