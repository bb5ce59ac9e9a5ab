import numpy as np
import pytest
import soundfile
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins.audio import modality
from multigan.plugins.audio.data import Sounds

RATE = 8000


def tone(seconds, rate=RATE, channels=1, hertz=440.0):
    t = np.arange(round(seconds * rate)) / rate
    return np.repeat(0.5 * np.sin(2 * np.pi * hertz * t)[:, None], channels, 1)


def everything(data):
    raw = data.items.take(torch.arange(len(data.items)), Draw(0))
    return modality.to_real(raw, data.spec)


@pytest.mark.parametrize(
    ("ending", "subtype"),
    [
        (".wav", "PCM_16"),
        (".wav", "PCM_24"),
        (".wav", "FLOAT"),
        (".wav", "PCM_U8"),
        (".flac", None),
        (".ogg", None),
        (".mp3", None),
        (".aiff", None),
    ],
)
def test_every_format_is_read(tmp_path, ending, subtype):
    soundfile.write(tmp_path / f"a{ending}", tone(0.5), RATE, subtype=subtype)
    data = modality.load(str(tmp_path), samples=2048)
    real = everything(data)
    assert data.spec.shape == (1, 2048)
    assert data.spec.meta["sample_rate_hz"] == RATE
    assert real.abs().max() == pytest.approx(0.95, abs=0.03)


def test_mixed_rates_channels_and_lengths_become_one_and_are_counted(tmp_path):
    for k in range(3):
        soundfile.write(tmp_path / f"{k}.wav", tone(0.2), RATE)
    soundfile.write(tmp_path / "fast.wav", tone(0.2, 44_100), 44_100)
    soundfile.write(tmp_path / "stereo.wav", tone(0.2, channels=2), RATE)
    soundfile.write(tmp_path / "long.wav", tone(3), RATE)
    data = modality.load(str(tmp_path), samples=2048)
    text = "\n".join(data.report)
    assert len(data.items) == 6
    assert "1 resampled to 8,000 Hz" in text
    assert "1 brought to 1 channel" in text
    assert "5 shorter than a slice, padded" in text
    assert "1 longer than a slice, cut after it" in text
    real = everything(data)
    assert (real[0, 0, 1600:] == 0).all()
    assert modality.load(str(tmp_path), samples=2048, channels=2).spec.shape == (2, 2048)


def test_resampling_keeps_the_pitch(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(1, 44_100, hertz=1000), 44_100)
    real = everything(modality.load(str(tmp_path), samples=4096, sample_rate_hz=16_000))
    peak = torch.fft.rfft(real[0, 0] * torch.hann_window(4096)).abs().argmax().item() * 16_000 / 4096
    assert peak == pytest.approx(1000, abs=8)


def test_short_files_are_never_dropped(tmp_path):
    for k in range(4):
        soundfile.write(tmp_path / f"{k}.wav", tone(0.01), RATE)
    data = modality.load(str(tmp_path), samples=16_384)
    assert len(data.items) == 4
    assert (everything(data).abs().amax((1, 2)) > 0.9).all()


def test_short_files_may_begin_again():
    wave = np.arange(1, 8, dtype=np.int16)[None]
    taken = Sounds([wave], 17, anywhere=False, again=True).take(torch.zeros(1, dtype=torch.long), Draw(0))
    assert taken[0, 0].tolist() == [*range(1, 8), *range(1, 8), 1, 2, 3]
    silent = Sounds([wave], 9, anywhere=False).take(torch.zeros(1, dtype=torch.long), Draw(0))
    assert silent[0, 0].tolist() == [*range(1, 8), 0, 0]


def test_what_follows_short_files_is_said(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(0.01), RATE)
    assert any("1 shorter than a slice, repeated" in line for line in modality.load(str(tmp_path), ends="again").report)
    assert any("1 shorter than a slice, padded at" in line for line in modality.load(str(tmp_path)).report)


def test_long_files_are_heard_evenly_over_their_whole_length():
    ramp = np.arange(100_000, dtype=np.int64)
    wave = (ramp % 30_000).astype(np.int16)[None]
    source = Sounds([wave], 1000, anywhere=True)
    assert len(source) == 100
    starts = []
    for step in range(40):
        u = Draw(0, step).uniform("start", (100,))
        starts += (u.double() * (100_000 - 1000 + 1)).long().tolist()
        taken = source.take(torch.zeros(100, dtype=torch.long), Draw(0, step))
        assert taken[:, 0, 0].tolist() == [s % 30_000 for s in starts[-100:]]
    counts = np.histogram(starts, bins=10, range=(0, 99_001))[0]
    chi_square = ((counts - 400) ** 2 / 400).sum()
    assert chi_square < 27.9  # 9 degrees of freedom, p = .001


def test_the_policy_follows_the_lengths(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(10), RATE)
    assert modality.load(str(tmp_path), samples=1024).items.anywhere
    assert not modality.load(str(tmp_path), samples=1024, kind="oneshot").items.anywhere


def test_labels_from_folders_and_from_names(tmp_path):
    for name in ("kick", "snare"):
        (tmp_path / name).mkdir()
        soundfile.write(tmp_path / name / "7_x.wav", tone(0.1), RATE)
    data = modality.load(str(tmp_path), samples=1024)
    assert data.spec.classes == ("kick", "snare")
    assert data.labels.tolist() == [0, 1]
    assert modality.load(str(tmp_path), samples=1024, label_pattern=r"(?P<label>\d)_").spec.classes == ("7",)
    with pytest.raises(DataError, match="does not match"):
        modality.load(str(tmp_path), samples=1024, label_pattern="(?P<label>z)")
    with pytest.raises(DataError, match="no pattern with a group"):
        modality.load(str(tmp_path), samples=1024, label_pattern="(x")


def test_files_that_are_all_silent_are_refused(tmp_path):
    for number in range(3):
        soundfile.write(tmp_path / f"{number}.wav", np.full(4000, 0.25), RATE)
    with pytest.raises(DataError, match="all of 3 sounds in"):
        modality.load(str(tmp_path), samples=1024)


def test_bad_files_are_named_and_nothing_is_skipped_in_silence(tmp_path):
    soundfile.write(tmp_path / "good.wav", tone(0.2), RATE)
    soundfile.write(tmp_path / "silent.wav", np.zeros(100), RATE)
    soundfile.write(tmp_path / "nan.wav", np.full(100, np.nan), RATE, subtype="FLOAT")
    soundfile.write(tmp_path / "none.wav", np.zeros((0, 1)), RATE)
    (tmp_path / "zero.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_bytes(b"this is text")
    (tmp_path / "notes.txt").write_text("x")
    text = "\n".join(modality.load(str(tmp_path), samples=1024).report)
    assert "4 unreadable" in text
    assert all(name in text for name in ("zero.wav (empty file)", "text.wav", "nan.wav", "none.wav"))
    assert "1 silent" in text
    assert "1 other file left out (1 × .txt)" in text
    assert "learn it by heart" in text


def test_nothing_readable_is_one_clear_error(tmp_path):
    with pytest.raises(DataError, match="no readable sound"):
        modality.load(str(tmp_path))
    with pytest.raises(DataError, match="did you mean 'drums'"):
        modality.load("drumms")
    with pytest.raises(DataError, match="at least 64"):
        modality.load("drums", samples=3)


def test_embedded_drums_are_the_same_everywhere():
    data = modality.load("drums", samples=4096)
    assert data.spec.classes == ("hat", "kick", "snare", "tom")
    assert torch.bincount(data.labels).tolist() == [250] * 4
    real = everything(data)
    assert real.abs().amax((1, 2)).min() > 0.94
    assert torch.equal(real, everything(modality.load("drums", samples=4096)))


def test_real_drum_machines(real_data):
    data = modality.load(str(real_data / "audio" / "drums"))
    assert len(data.items) >= 300
    assert "unreadable" not in "\n".join(data.report)


@pytest.mark.parametrize(
    ("option", "value"), [("sample_rate_hz", -1), ("sample_rate_hz", 10), ("channels", 0), ("channels", 10**9)]
)
def test_options_that_no_sound_can_have_are_refused_first(tmp_path, option, value):
    with pytest.raises(DataError, match=f"data.{option} = {value}"):
        modality.load(str(tmp_path), **{option: value})
