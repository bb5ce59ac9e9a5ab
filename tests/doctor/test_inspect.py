"""Faults planted in real files: each is named, with the files it is in, and nothing else is reported."""

import numpy as np
import pytest
import soundfile
from PIL import Image

from multigan.core.errors import DataError
from multigan.doctor.inspect import inspect_data

RATE = 8000


def noise(seed, size=(16, 16)):
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def tone(seed):
    """Eight notes of random pitch and level."""
    random, time = np.random.default_rng(seed), np.arange(500) / RATE
    pitches, levels = random.uniform(100, 3500, 8), random.uniform(0.05, 0.8, 8)
    return np.concatenate([v * np.sin(2 * np.pi * p * time) for p, v in zip(pitches, levels, strict=True)])


def clean(kind, folder):
    if kind == "text":
        lines = [f"the {a} cat saw {b} birds" for a in ["small", "red", "old", "fat", "shy"] for b in range(24)]
        (folder / "lines.txt").write_text("\n".join(lines) + "\n")
        return
    for k in range(110):
        if kind == "image":
            noise(k).save(folder / f"{k:03}.png")
        else:
            soundfile.write(folder / f"{k:03}.wav", tone(k), RATE)


def append(folder, line):
    with (folder / "lines.txt").open("a") as file:
        file.write(line + "\n")


def truncate(folder):
    noise(500, (64, 64)).save(folder / "bad.png")
    whole = (folder / "bad.png").read_bytes()
    (folder / "bad.png").write_bytes(whole[: len(whole) // 2])


def recompress(folder):
    noise(3).save(folder / "bad.jpg", quality=95, subsampling=0)


def beside(folder):
    for name in ("cat", "dog"):
        (folder / name).mkdir()
        for k in range(6):
            noise(900 + k + 10 * (name == "cat")).save(folder / name / f"{k}.png")


def lay(folder, picture):
    """The picture as a camera held sideways stores it, with the mark that brings it upright."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.transpose(Image.Transpose.ROTATE_90).save(folder / "bad.png", exif=exif)


PLANTED = [
    ("image", "unreadable", "bad.png", lambda f: (f / "bad.png").write_bytes(b"")),
    ("image", "unreadable", "bad.png", truncate),
    ("image", "unreadable", "bad.png", lambda f: (f / "bad.png").write_text("no picture at all")),
    ("image", "blank", "bad.png", lambda f: Image.new("RGB", (16, 16)).save(f / "bad.png")),
    ("image", "exact-duplicates", "bad.png", lambda f: (f / "bad.png").write_bytes((f / "003.png").read_bytes())),
    ("image", "near-duplicates", "bad.jpg", recompress),
    ("image", "near-duplicates", "bad.png", lambda f: lay(f, noise(5))),
    ("image", "sideways", "bad.png", lambda f: lay(f, noise(700))),
    ("image", "beside-class-folders", "000.png", beside),
    ("image", "unread-format", "bad.gif", lambda f: noise(9).save(f / "bad.gif")),
    ("audio", "unreadable", "bad.wav", lambda f: (f / "bad.wav").write_bytes(b"RIFF....WAVE")),
    ("audio", "silent", "bad.wav", lambda f: soundfile.write(f / "bad.wav", np.zeros(4000), RATE)),
    ("audio", "clipped", "bad.wav", lambda f: soundfile.write(f / "bad.wav", np.clip(9 * tone(170), -1, 1), RATE)),
    ("audio", "dc-offset", "bad.wav", lambda f: soundfile.write(f / "bad.wav", tone(131) + 0.2, RATE)),
    ("audio", "too-short", "bad.wav", lambda f: soundfile.write(f / "bad.wav", tone(190)[:40], RATE)),
    ("text", "unreadable", "bad.txt", lambda f: (f / "bad.txt").write_bytes("caf\xe9 au lait\n".encode("latin-1"))),
    ("text", "control-characters", "lines.txt:121", lambda f: append(f, "the cat\x07saw a dog")),
    ("text", "encoded-twice", "lines.txt:121", lambda f: append(f, "the cafÃ© saw a dog")),
    ("text", "paragraphs", "lines.txt:121", lambda f: append(f, " ".join(f"word{k}" for k in range(300)))),
]


@pytest.mark.parametrize(
    ("kind", "name", "where", "plant"), PLANTED, ids=[f"{k}-{n}-{i}" for i, (k, n, *_) in enumerate(PLANTED)]
)
def test_a_planted_fault_is_named_and_nothing_else(tmp_path, kind, name, where, plant):
    clean(kind, tmp_path)
    before = {one.name for one in inspect_data(tmp_path).findings if one.severity != "note"}
    assert before == set()
    plant(tmp_path)
    report = inspect_data(tmp_path)
    new = [one for one in report.findings if one.name == name]
    assert len(new) == 1, report.findings
    assert any(where in entry for entry in new[0].evidence)
    assert new[0].fix
    assert {one.name for one in report.findings if one.severity != "note"} <= {name}


@pytest.mark.parametrize("name", ["image/mnist", "image/cifar10/cat", "text/coco", "audio/fsdd", "audio/drums"])
@pytest.mark.slow
def test_real_sets_have_no_faults(real_data, name):
    report = inspect_data(real_data / name)
    assert report.severity != "fault"
    assert report.counts["training"]


def test_nothing_and_nowhere(tmp_path):
    assert inspect_data(tmp_path).exit_code == 2
    with pytest.raises(DataError, match="there is no"):
        inspect_data(tmp_path / "nowhere")


def test_names_with_line_breaks_are_escaped(tmp_path):
    clean("image", tmp_path)
    (tmp_path / "a\nb é.png").write_bytes(b"")
    assert "a\\nb é.png" in inspect_data(tmp_path).findings[0].evidence[0]


def test_a_sideways_picture_is_noted_and_counted_upright(tmp_path):
    clean("image", tmp_path)
    lay(tmp_path, noise(700, (16, 12)))
    report = inspect_data(tmp_path)
    assert [(one.severity, one.count) for one in report.findings if one.name == "sideways"] == [("note", 1)]
    assert [one.evidence for one in report.findings if one.name == "mixed-sizes"] == [("16 × 12: 1",)]


def test_a_text_run_trains_in_all_of_its_phases(tmp_path):
    clean("text", tmp_path)
    sets = ["train.samples=100", 'phases=[{name="pretrain", turns=["mle"], samples=500}]']
    report = inspect_data(tmp_path, overrides=sets)
    assert report.counts["training"] == "600 samples (500 of them in pretrain), 5.0 times through the data"


def classed(folder, each):
    for name in ("cat", "dog"):
        (folder / name).mkdir()
        for k in range(each):
            noise(k + 1000 * (name == "cat")).save(folder / name / f"{k:03}.png")


def unused(report):
    return [one for one in report.findings if one.name == "labels-unused"]


def test_labels_that_training_would_not_use_are_named_with_the_reason(tmp_path):
    classed(tmp_path, 49)
    (found,) = unused(inspect_data(tmp_path))
    assert found.severity == "note"
    assert "2 classes (cat 49, dog 49): classes are not used (cat has 49 items" in found.what
    assert found.fix == "to use them: --set game.conditional=true"
    assert unused(inspect_data(tmp_path, overrides=["game.conditional=true"])) == []
    assert unused(inspect_data(tmp_path, overrides=["data.flip=true"])) == []  # 98 of each, as training counts
    (found,) = unused(inspect_data(tmp_path, recipe="image/dcgan"))
    assert "classes are not used" in found.what


def test_labels_of_sounds_too(tmp_path):
    for name in ("hat", "kick"):
        (tmp_path / name).mkdir()
        for k in range(3):
            soundfile.write(tmp_path / name / f"{k}.wav", tone(k + 10 * len(name)), RATE)
    (found,) = unused(inspect_data(tmp_path))
    assert "2 classes (hat 3, kick 3): classes are not used" in found.what


@pytest.mark.parametrize(("number", "severity", "said"), [(62, "warning", "needs 64 items"), (100, "note", "160")])
def test_that_nothing_can_be_held_out_is_said_beforehand(tmp_path, number, severity, said):
    (tmp_path / "lines.txt").write_text("".join(f"line number {k} of them\n" for k in range(number)))
    (found,) = [one for one in inspect_data(tmp_path).findings if one.name == "nothing-held-out"]
    assert (found.severity, found.count) == (severity, number)
    assert said in found.what
    asked = inspect_data(tmp_path, overrides=["data.holdout=0"]).findings
    assert [one.fix for one in asked if one.name == "nothing-held-out"] == ["--set data.holdout=auto"]
    lost = inspect_data(tmp_path, overrides=["data.holdout=1000"])
    assert "nothing-left" in {one.name for one in lost.findings}


def test_names_of_one_side_alone_are_named(tmp_path):
    for side, names in (("A", range(12)), ("B", range(2, 13))):
        (tmp_path / side).mkdir()
        for k in names:
            noise(k + 50 * (side == "B")).save(tmp_path / side / f"{k:02}.png")
    report = inspect_data(tmp_path)
    found = {one.name: one for one in report.findings}
    assert report.recipe == "image/pairs"
    assert (report.counts["inputs"], report.counts["pairs"]) == ("12 in A/", "10 by name")
    assert found["input-alone"].evidence == ("00", "01")
    assert found["target-alone"].evidence == ("12",)
    assert report.exit_code == 1


def test_files_of_two_halves_are_looked_at_as_they_are_trained_on(tmp_path):
    for k in range(12):
        both = Image.new("RGB", (32, 16))
        both.paste(noise(k), (0, 0))
        both.paste(noise(k + 50), (16, 0))
        both.save(tmp_path / f"{k}.png")
    report = inspect_data(tmp_path)
    assert report.recipe == "image/pairs"
    assert "16 × 16" in report.counts["trained as"]
    assert report.counts["pairs"] == "each file, its left half the input"
    assert not {"no-net", "other-shapes"} & {one.name for one in report.findings}


def test_two_sets_without_pairs_are_counted(two_sets):
    report = inspect_data(two_sets.folder.parent / "sets")
    assert (report.recipe, report.severity) == ("image/unpaired", report.severity)
    wanted = {"inputs": "50 in trainA/", "targets": "40 in trainB/", "pairs": "none: two sets"}
    assert {name: report.counts[name] for name in wanted} == wanted
    assert not {"no-net", "input-alone", "target-alone"} & {one.name for one in report.findings}
