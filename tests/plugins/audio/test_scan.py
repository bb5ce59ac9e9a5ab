import os

import numpy as np
import pytest
import soundfile

from multigan.plugins.audio import scan
from multigan.plugins.audio.scan import Most, glimpse, hear


class Kept:
    """All that was heard."""

    def __init__(self):
        self.blocks, self.ended = [], False

    def begin(self, rate, channels):
        self.rate, self.channels = rate, channels

    def add(self, block):
        self.blocks.append(block)

    def end(self):
        self.ended = True

    @property
    def wave(self):
        return np.concatenate(self.blocks)


def test_a_sound_is_heard_as_it_is_block_after_block(tmp_path, monkeypatch):
    monkeypatch.setattr(scan, "BLOCK_VALUES", 64)
    wave = np.random.default_rng(0).uniform(-0.5, 0.5, (1000, 2)).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", wave, 8000, subtype="FLOAT")
    kept = Kept()
    heard = hear(tmp_path / "a.wav", kept)
    assert heard == (tmp_path / "a.wav", 8000, 2, 1000, "", "")
    assert heard.seconds == 0.125
    assert (kept.rate, kept.channels, kept.ended) == (8000, 2, True)
    assert {len(block) for block in kept.blocks} == {32, 8}
    np.testing.assert_array_equal(kept.wave, wave)


def test_whatever_is_broken_is_a_fault_in_words(tmp_path, hostile):
    for name, data in hostile.BROKEN.items():
        (tmp_path / name).write_bytes(data)
        heard = hear(tmp_path / name)
        assert heard.fault, name
        assert "\n" not in heard.fault, name
        assert str(tmp_path) not in heard.fault, name
    faults = {name: hear(tmp_path / name).fault for name in hostile.BROKEN}
    assert faults["empty.wav"] == "empty file"
    assert faults["head.wav"] == "no samples"
    assert faults["rate-0.wav"].startswith("its header says 0 Hz")
    assert faults["channels-65535.wav"].startswith("its header says 65,535 channels")
    assert faults["infinite.wav"] == "not a number in its samples"
    assert faults["half.flac"].startswith("damaged")


def test_rare_and_streamed_files_are_heard_without_a_word(tmp_path, hostile):
    for name, data in hostile.ODD.items():
        (tmp_path / name).write_bytes(data)
        heard = hear(tmp_path / name)
        assert (heard.fault, heard.remark) == ("", ""), name
        assert heard.samples >= 1333, name
        assert glimpse(tmp_path / name) == heard.rate, name


def test_files_of_another_length_than_they_say_are_used_and_named(tmp_path, hostile):
    for name, data in hostile.CUT.items():
        (tmp_path / name).write_bytes(data)
        heard = hear(tmp_path / name)
        assert heard.fault == "", name
        assert heard.remark, name
        assert heard.samples, name
    assert hear(tmp_path / "cut.wav").remark.startswith("its header says 20.00 s, it holds 0.50 s")
    for name in ("never-closed.wav", "says-less.flac", "says-one-less.flac"):
        assert hear(tmp_path / name).samples == 4000, name
    assert hear(tmp_path / "says-less.flac").remark.startswith("its header says 0.01 s, it holds 0.50 s: all of it")


def test_what_a_file_holds_decides_and_not_what_its_header_claims(tmp_path, hostile):
    for name in ("claims.flac", "claims-100-mb.wav", "claims-1-gib.wav", "claims-2-gib.wav"):
        (tmp_path / name).write_bytes(hostile.CUT[name])
        heard = hear(tmp_path / name)
        assert (heard.samples, heard.fault) == (4000, ""), name
        assert heard.remark.endswith(" s, it holds 0.50 s: cut off, what is there is used"), name
        assert glimpse(tmp_path / name) == 8000, name


def test_a_header_that_was_never_written_is_mended_as_it_is_read(tmp_path, hostile):
    (tmp_path / "whole.wav").write_bytes(hostile.wav())
    (tmp_path / "open.wav").write_bytes(hostile.wav(size=0))
    whole, mended = Kept(), Kept()
    hear(tmp_path / "whole.wav", whole)
    hear(tmp_path / "open.wav", mended)
    np.testing.assert_array_equal(mended.wave, whole.wave)


def test_what_goes_on_for_too_long_is_stopped_whatever_its_header_says(tmp_path, monkeypatch, hostile):
    monkeypatch.setattr(scan, "BLOCK_VALUES", 64)
    for name, data in {"honest.wav": hostile.wav(), "open.flac": hostile.flac(0)}.items():
        (tmp_path / name).write_bytes(data)
        kept = Kept()
        assert "cut it into parts" in hear(tmp_path / name, kept, most=Most(0.1, 10**6)).fault
        assert sum(map(len, kept.blocks)) <= 864
        assert "500 values" in hear(tmp_path / name, most=Most(3, 500)).fault


def test_a_sparse_file_of_gigabytes_is_told_from_its_header_alone(tmp_path, hostile):
    with (tmp_path / "a.wav").open("wb") as file:
        file.write(hostile.wav(data=b"", size=3 * 2**30))
        file.truncate(3 * 2**30 + 44)
    kept = Kept()
    assert "lasts 55.9 h, more than 3.0 h" in hear(tmp_path / "a.wav", kept).fault
    assert kept.blocks == []


def test_files_that_cannot_be_opened_or_have_odd_names_are_no_accident(tmp_path, hostile):
    assert hear(tmp_path / "gone.wav").fault.startswith("cannot be read (FileNotFoundError")
    odd = tmp_path / os.fsdecode(b"caf\xe9\n.wav")
    odd.write_bytes(hostile.wav())
    assert hear(odd).fault == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is open to root")
def test_a_closed_file_is_named(tmp_path, hostile):
    (tmp_path / "a.wav").write_bytes(hostile.wav())
    (tmp_path / "a.wav").chmod(0)
    assert "PermissionError" in hear(tmp_path / "a.wav").fault
