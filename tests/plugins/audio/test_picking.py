"""MultiGAN's own sounds among those of a person."""

import json

import numpy as np
import pytest
import soundfile

from multigan.plugins.audio import data, modality
from multigan.provenance.labels import label, read, write_wav

LABEL = label("g", "0" * 64, "audio/drums", 0)
OPTIONS = {**data.Options()._asdict(), "samples": 1024}


def noise(seed, count=3000):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, count)


def both(folder):
    found = modality.inspect(folder, OPTIONS, lambda done, total: None)
    return modality.load(str(folder), **OPTIONS), {one.name: one for one in found.findings}


def test_they_are_left_out_and_named_and_have_no_say_in_the_rate(tmp_path):
    soundfile.write(tmp_path / "a.wav", noise(0), 8000)
    for k in range(3):
        write_wav(tmp_path / f"0-{k:05d}.wav", noise(k), 16_000, LABEL)
    loaded, found = both(tmp_path)
    assert (loaded.files, loaded.root) == ((tmp_path / "a.wav",), tmp_path)
    assert loaded.spec.meta["sample_rate_hz"] == 8000
    assert "3 made by MultiGAN itself, left out: 0-00000.wav, 0-00001.wav, 0-00002.wav" in loaded.report
    assert (found["synthetic"].severity, found["synthetic"].what) == (
        "note",
        "3 sounds made by MultiGAN itself, left out",
    )


def test_where_no_other_can_be_used_they_are_what_is_wanted(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"broken")
    for k in range(2):
        write_wav(tmp_path / f"{k}.wav", noise(k), 16_000, LABEL)
    loaded, found = both(tmp_path)
    assert len(loaded.files) == 2
    assert "2 made by MultiGAN itself, trained on all the same, as there are no others" in loaded.report
    assert any(line.startswith("1 unreadable: a.wav") for line in loaded.report)
    assert found["synthetic"].severity == "warning"


@pytest.mark.parametrize("ending", ["flac", "ogg", "aiff", "mp3", "rf64.wav"])
def test_a_label_that_was_kept_as_a_comment_counts_in_other_formats(tmp_path, ending):
    soundfile.write(tmp_path / "a.wav", noise(0), 8000)
    form = ending.split(".")[0].upper()
    for name, comment in (("made", json.dumps(LABEL)), ("theirs", '{"software": "a recorder"}')):
        with soundfile.SoundFile(tmp_path / f"{name}.{ending}", "w", 8000, 1, format=form) as file:
            file.comment = comment
            file.write(noise(1))
    loaded, _ = both(tmp_path)
    assert [file.name for file in loaded.files] == ["a.wav", f"theirs.{ending}"]
    assert read(tmp_path / f"made.{ending}") == LABEL


def test_a_class_of_nothing_else_is_no_empty_one(tmp_path):
    for name in ("hat", "kick", "made"):
        (tmp_path / name).mkdir()
        soundfile.write(tmp_path / name / "0.wav", noise(0), 8000)
    write_wav(tmp_path / "made" / "0.wav", noise(1), 8000, LABEL)
    loaded, found = both(tmp_path)
    said = "1 class folder whose readable sounds MultiGAN itself made, left out: no class"
    assert f"{said} (made)" in loaded.report
    assert found["synthetic-class"].what == said
    assert "empty-class" not in found


def test_a_label_of_gigabytes_is_not_read(tmp_path):
    with (tmp_path / "a.wav").open("wb") as file:
        file.write(b"RIFF\0\0\0\0WAVELIST" + (3 * 2**30).to_bytes(4, "little") + b"INFO")
        file.truncate(3 * 2**30)
    soundfile.write(tmp_path / "b.wav", noise(0), 8000)
    loaded, _ = both(tmp_path)
    assert loaded.files == (tmp_path / "b.wav",)
