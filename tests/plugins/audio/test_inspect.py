"""What doctor and loader say of the same folder: they must agree, file by file."""

import random
import unicodedata

import numpy as np
import pytest
import soundfile

from multigan.core.errors import DataError
from multigan.files.findings import Finding
from multigan.plugins.audio import data, modality
from multigan.plugins.audio.convert import How, bring
from multigan.plugins.audio.inspect import listen

RATE = 8000


@pytest.fixture
def surveyed(tmp_path):
    """What the doctor finds by name, and what the loader gives."""

    def survey(**options):
        chosen = {**data.Options()._asdict(), "samples": 1024, **options}
        found = modality.inspect(tmp_path, chosen, lambda done, total: None)
        return {one.name: one for one in found.findings}, found, modality.load(str(tmp_path), **chosen)

    return survey


def tone(count=3000, level=0.5):
    return level * np.sin(2 * np.pi * 440 * np.arange(count) / RATE)


def line(report, word):
    (found,) = [one for one in report if word in one]
    return found


def test_every_file_is_used_or_named_in_the_same_words(tmp_path, surveyed, hostile, monkeypatch):
    monkeypatch.setattr("multigan.files.findings.NAMES", 100)
    for name, content in {**hostile.BROKEN, **hostile.ODD, **hostile.CUT}.items():
        (tmp_path / name).write_bytes(content)
    found, survey, loaded = surveyed(kind="oneshot")
    assert len(loaded.items) == survey.items == len(hostile.ODD) + len(hostile.CUT)
    assert loaded.spec == survey.spec
    unreadable, cut = line(loaded.report, "unreadable"), line(loaded.report, "of another length than the file says")
    assert unreadable.startswith(f"{len(hostile.BROKEN)} unreadable")
    assert {one.split(": ")[0] for one in found["unreadable"].evidence} == set(hostile.BROKEN)
    assert {one.split(": ")[0] for one in found["cut-off"].evidence} == set(hostile.CUT)
    for told, entries in ((unreadable, found["unreadable"].evidence), (cut, found["cut-off"].evidence)):
        for entry in entries:
            name, why = entry.split(": ", 1)
            assert f"{name} ({why})" in told


def test_broken_files_alone_are_one_error_and_one_fault(tmp_path, hostile):
    for name, content in hostile.BROKEN.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"no readable sound .* and 19 more"):
        modality.load(str(tmp_path))
    survey = modality.inspect(tmp_path, data.Options()._asdict(), lambda done, total: None)
    assert (survey.items, survey.spec) == (0, None)
    assert {one.severity for one in survey.findings} == {"fault"}


def test_silence_is_what_training_would_not_hear(tmp_path, surveyed):
    soundfile.write(tmp_path / "good.wav", tone(), RATE)
    soundfile.write(tmp_path / "late.wav", np.concatenate([np.zeros(1100), tone()]), RATE)
    soundfile.write(tmp_path / "opposite.wav", np.stack([tone(), -tone()], 1), RATE)
    found, _, loaded = surveyed(kind="oneshot")
    told = line(loaded.report, "silent")
    assert told.startswith("2 silent")
    assert found["silent"].evidence == (
        "late.wav: nothing in the slice at its beginning",
        "opposite.wav: nothing is left once it is mixed down and resampled",
    )
    assert "opposite.wav (nothing is left once it is mixed down and resampled)" in told
    found, _, loaded = surveyed(kind="long", channels=2)
    assert "silent" not in found
    assert not any("silent" in one for one in loaded.report)


@pytest.mark.parametrize("wave", [np.zeros(4000), np.zeros(1), np.full(1, 0.5), np.full(4000, 0.25)])
def test_silence_alone_is_a_fault_as_training_refuses_it(tmp_path, wave):
    for k in range(20):
        soundfile.write(tmp_path / f"{k}.wav", wave, RATE)
    with pytest.raises(DataError, match=r"all of 20 sounds in .* are silent"):
        modality.load(str(tmp_path), samples=1024)
    survey = modality.inspect(tmp_path, data.Options(samples=1024)._asdict(), lambda done, total: None)
    (found,) = [one for one in survey.findings if one.name == "silent"]
    assert (found.severity, found.count) == ("fault", 20)
    assert found.what == "20 files in which nothing can be heard in what is trained on: all of them"
    soundfile.write(tmp_path / "tone.wav", tone(), RATE)
    survey = modality.inspect(tmp_path, data.Options(samples=1024)._asdict(), lambda done, total: None)
    assert [one.severity for one in survey.findings if one.name == "silent"] == ["warning"]


def test_what_is_clipped_in_loading_is_said(tmp_path, surveyed):
    soundfile.write(tmp_path / "loud.wav", tone(level=2), RATE, subtype="FLOAT")
    found, _, loaded = surveyed(normalise="none")
    assert found["beyond-full-scale"].evidence == ("loud.wav: peak 2",)
    assert "loud.wav" in line(loaded.report, "beyond full scale, clipped there (--set data.normalise=peak")
    found, _, loaded = surveyed()
    assert "beyond-full-scale" not in found
    assert not any("full scale" in one for one in loaded.report)


def test_clipping_is_counted_over_blocks(tmp_path, surveyed, monkeypatch):
    soundfile.write(tmp_path / "a.wav", np.clip(9 * tone(8000), -1, 1), RATE)
    whole = surveyed()[0]["clipped"].evidence
    monkeypatch.setattr("multigan.plugins.audio.scan.BLOCK_VALUES", 2000)
    assert surveyed()[0]["clipped"].evidence == whole


def test_a_set_that_outgrows_the_memory_is_refused_before_it_is_taken(tmp_path, surveyed, monkeypatch):
    for k in range(4):
        soundfile.write(tmp_path / f"{k}.wav", tone(), RATE)
    monkeypatch.setattr(data, "MEMORY_SHARE", 1e-12)
    with pytest.raises(DataError, match=r"at most half of this machine's memory .* --set data.sample_rate_hz=2000"):
        surveyed()
    survey = modality.inspect(tmp_path, data.Options()._asdict(), lambda done, total: None)
    (fault,) = [one for one in survey.findings if one.name == "too-much"]
    assert isinstance(fault, Finding)
    assert fault.severity == "fault"


def test_class_names_that_look_the_same_are_one_class(tmp_path, surveyed):
    for number, form in enumerate(("NFC", "NFD")):
        folder = tmp_path / unicodedata.normalize(form, "café") / str(number)
        folder.mkdir(parents=True)
        soundfile.write(folder / f"{number}.wav", tone(), RATE)
    (tmp_path / "tea").mkdir()
    soundfile.write(tmp_path / "tea" / "c.wav", tone(), RATE)
    _, survey, loaded = surveyed()
    assert loaded.spec.classes == survey.spec.classes == ("café", "tea")
    pattern = unicodedata.normalize("NFD", "(?P<label>café|tea)")
    for name in ("café", "tea"):
        soundfile.write(tmp_path / f"{unicodedata.normalize('NFD', name)}-x.wav", tone(), RATE)
        for folder in list(tmp_path.rglob("?.wav")):
            folder.unlink()
    assert surveyed(label_pattern=pattern)[2].spec.classes == ("café", "tea")


def test_what_the_walk_leaves_out_is_said_by_both(tmp_path, surveyed):
    soundfile.write(tmp_path / "KICK.WAV", tone(), RATE)
    (tmp_path / "._KICK.WAV").write_bytes(b"\0\5\26\7AppleDouble")
    (tmp_path / "notes.txt").write_text("x")
    found, survey, loaded = surveyed(kind="oneshot")
    assert survey.items == len(loaded.items) == 1
    assert "left-out" in found
    assert line(loaded.report, "hidden") == "1 left out (hidden): ._KICK.WAV"
    assert line(loaded.report, "other file") == "1 other file left out (1 × .txt)"


def test_sounds_beside_class_folders_are_said_by_both(tmp_path, surveyed):
    for name in ("a/1.wav", "b/2.wav", "loose.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        soundfile.write(tmp_path / name, tone(), RATE)
    found, _, loaded = surveyed()
    assert loaded.labels is None
    assert line(loaded.report, "no labels are used") == f"{found['beside-class-folders'].what} (loose.wav)"


@pytest.mark.parametrize("seed", range(4))
def test_mutants_are_used_or_named_and_never_an_accident(tmp_path, hostile, seed):
    draw, how = random.Random(seed), How(16_000, 1, slice=1024)
    faults = 0
    for _ in range(100):
        ending, content = hostile.mutant(draw)
        path = tmp_path / f"a{ending}"
        path.write_bytes(content)
        heard, wave, levels = bring(path, how)
        listened = listen(path, how)
        assert (listened.heard, listened.levels) == (heard, levels)
        assert "cannot be read" not in heard.fault, heard.fault  # an error that nobody thought of
        assert bool(wave.shape[1]) != bool(heard.fault) or heard.samples < 16
        faults += bool(heard.fault)
    assert 20 < faults < 90


def test_what_nets_see_of_sounds_changes_nothing_of_the_look(surveyed, tmp_path):
    soundfile.write(tmp_path / "a.wav", np.sin(np.arange(20_000) * 0.1) * 0.5, RATE)
    names, found, _ = surveyed(form="mel")
    other, plain, _ = surveyed()
    assert (names.keys(), found.counts, found.items) == (other.keys(), plain.counts, plain.items)
