import numpy as np
import pytest
import soundfile
import torch

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.plugins.audio import items
from multigan.plugins.audio.items import fit, read, read_hole

SPEC = Spec("audio", (1, 1000), (), {"sample_rate_hz": 8000})


def test_a_short_stereo_file_at_another_rate_is_brought_to_the_generators(tmp_path):
    wave = 0.1 * np.sin(2 * np.pi * 500 * np.arange(800) / 16000)
    soundfile.write(tmp_path / "a.wav", np.stack([wave, wave], 1), 16000)
    item = read(tmp_path / "a.wav", SPEC)
    assert item.shape == SPEC.shape
    assert item[0, :400].abs().max() == pytest.approx(0.95, abs=0.01)
    assert (item[0, 400:] == 0).all()
    expected = 0.95 * np.sin(2 * np.pi * 500 * np.arange(400) / 8000)
    assert np.abs(item[0, 50:350].numpy() - expected[50:350]).max() < 0.05


def test_a_long_file_is_cut(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.full(5000, 0.5), 8000)
    assert read(tmp_path / "a.wav", SPEC).shape == (1, 1000)


def test_what_is_no_sound_is_refused(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"")
    with pytest.raises(DataError, match="empty file"):
        read(tmp_path / "a.wav", SPEC)
    with pytest.raises(DataError, match="no file"):
        read(tmp_path / "b.wav", SPEC)


def test_a_gap_in_seconds():
    hole = read_hole("0.025-0.05", SPEC)
    assert hole.nonzero()[:, 1].tolist() == list(range(200, 400))


@pytest.mark.parametrize("text", ["0-1", "0.05-0.02", "3-4", "1,2", "", "a-b", "-1-2"])
def test_what_makes_no_gap_is_refused(text):
    with pytest.raises(DataError):
        read_hole(text, SPEC)


def test_a_sound_of_hours_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(items, "LONGEST_SECONDS", 0.5)
    soundfile.write(tmp_path / "a.flac", np.zeros(8000), 8000)
    with pytest.raises(DataError, match="lasts 1 s"):
        read(tmp_path / "a.flac", SPEC)


def ramp(seconds, rate=8000, channels=1, level=0.4):
    """A sound of which every sample is another."""
    wave = np.linspace(-level, level, round(seconds * rate))
    return wave if channels == 1 else np.repeat(wave[:, None], channels, 1)


def test_the_stretch_that_is_asked_for_is_taken_and_told(tmp_path):
    soundfile.write(tmp_path / "a.wav", ramp(1), 8000)
    whole, _ = soundfile.read(tmp_path / "a.wav")
    scaled = whole * (0.95 / np.abs(whole).max())
    fitted = fit(tmp_path / "a.wav", SPEC, at=0.5)
    np.testing.assert_allclose(fitted.real[0].numpy(), scaled[4000:5000], atol=1e-4)
    assert fitted.note == "a.wav: 0.50 to 0.62 s of its 1.00 s taken"
    assert fitted.hole is fitted.back is None
    end = fit(tmp_path / "a.wav", SPEC, at=0.95)
    assert (end.real[0, 400:] == 0).all()
    assert end.note.endswith("0.95 to 1.00 s of its 1.00 s taken; 0.07 s of silence added at its end")
    for at in (1, -1):
        with pytest.raises(DataError, match=rf"second {at} of a.wav; expected 0 up to its end at 1.00 s"):
            fit(tmp_path / "a.wav", SPEC, at=at)


def test_a_file_of_the_generators_own_kind_needs_no_word(tmp_path):
    soundfile.write(tmp_path / "a.wav", ramp(0.125), 8000)
    assert fit(tmp_path / "a.wav", SPEC).note == ""
    soundfile.write(tmp_path / "b.wav", ramp(0.1, 16_000, 2), 16_000)
    assert fit(tmp_path / "b.wav", SPEC).note == (
        "b.wav: resampled from 16,000 to 8,000 Hz; brought from 2 to 1 channel; 0.03 s of silence added at its end"
    )


@pytest.mark.parametrize(("gap", "first"), [("0.02-0.05", 0), ("0.1-0.12", 0), ("0.5-0.52", 3580), ("0.98-1.0", 7000)])
def test_gaps_are_seconds_of_the_file_and_the_rest_of_it_stays(tmp_path, gap, first):
    soundfile.write(tmp_path / "a.wav", ramp(1), 8000)
    whole, _ = soundfile.read(tmp_path / "a.wav")
    fitted = fit(tmp_path / "a.wav", SPEC, hole=gap)
    start, end = (round(float(part) * 8000) for part in gap.split("-"))
    assert fitted.hole[0].nonzero()[:, 0].tolist() == list(range(start - first, end - first))
    wave, rate = fitted.back(torch.full((1, 1, 1000), 0.475))
    assert (wave.shape, rate) == ((8000,), 8000)
    np.testing.assert_allclose(wave[start:end], 0.2, atol=1e-4)  # at the file's own level
    wave[start:end] = whole[start:end]
    np.testing.assert_array_equal(wave, whole.astype(np.float32))


def test_a_filled_gap_takes_the_files_own_rate_channels_and_fineness(tmp_path):
    soundfile.write(tmp_path / "a.wav", ramp(1, 44_100, 2), 44_100, subtype="PCM_24")
    whole, _ = soundfile.read(tmp_path / "a.wav", dtype="float32")
    fitted = fit(tmp_path / "a.wav", SPEC, hole="0.50-0.52")
    wave, rate = fitted.back(torch.zeros(1, 1, 1000))
    assert (wave.shape, rate, fitted.saving) == ((44_100, 2), 44_100, {"bits": 24})
    assert (wave[22_050:22_932] == 0).all()
    wave[22_050:22_932] = whole[22_050:22_932]
    np.testing.assert_array_equal(wave, whole)


def test_a_gap_after_the_end_of_a_short_file_makes_it_longer(tmp_path):
    soundfile.write(tmp_path / "a.wav", ramp(0.05), 8000)
    wave, _ = fit(tmp_path / "a.wav", SPEC, hole="0.05-0.1").back(torch.full((1, 1, 1000), 0.475))
    assert wave.shape == (800,)
    np.testing.assert_allclose(wave[400:], 0.2, atol=1e-4)


@pytest.mark.parametrize("gap", ["0.2-0.5", "0.9-1.1", "5-5.1", "0-0.125", "inf-inf", "0.1-nan"])
def test_gaps_that_no_stretch_can_hold_are_refused(tmp_path, gap):
    soundfile.write(tmp_path / "a.wav", ramp(1), 8000)
    with pytest.raises(DataError, match="the gap"):
        fit(tmp_path / "a.wav", SPEC, hole=gap)


def test_a_gap_outside_the_stretch_that_was_asked_for_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", ramp(1), 8000)
    with pytest.raises(DataError, match=r"expected a part of 0.5-0.625 s"):
        fit(tmp_path / "a.wav", SPEC, hole="0.6-0.7", at=0.5)


def test_what_is_written_again_below_full_scale_is_told(tmp_path):
    soundfile.write(tmp_path / "a.wav", ramp(0.125, level=2), 8000, subtype="FLOAT")
    assert fit(tmp_path / "a.wav", SPEC).note == ""
    assert fit(tmp_path / "a.wav", SPEC, hole="0.05-0.06").note == "a.wav: beyond full scale: clipped there"
