"""What is left to the sounds: kind, length and rate of slices, and that doctor and loader cut alike."""

import json

import numpy as np
import pytest
import soundfile
import torch

import multigan
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.evaluation.subject import load_subject
from multigan.plugins.audio import modality
from multigan.plugins.audio.options import Options
from multigan.plugins.audio.slicing import plan_slices

OPEN = {"samples": 0, "sample_rate_hz": "auto", "begin": "onset"}


def note(seconds, rate, hertz=300.0, lead=0.0):
    t = np.arange(round(seconds * rate)) / rate
    wave = 0.6 * np.sin(2 * np.pi * hertz * t) * np.exp(-t)
    return np.concatenate([np.zeros(round(lead * rate)), wave])


def noise(seconds, rate):
    return np.random.default_rng(0).normal(0, 0.1, round(seconds * rate))


@pytest.fixture
def notes(tmp_path):
    """Ten notes of 1.2 s, each after another silence."""
    for k in range(10):
        soundfile.write(tmp_path / f"{k}.wav", note(1.2, 8000, lead=0.05 * k), 8000)
    return tmp_path


def test_notes_are_sliced_once_each_from_their_onset_and_fit_whole(notes):
    data = modality.load(str(notes), **OPEN)
    assert len(data.items) == 10
    assert not data.items.anywhere
    assert 1.2 <= data.spec.shape[1] / 8000 < 1.2 + 256 / 8000 + 0.01
    real = modality.to_real(data.items.take(torch.arange(10), Draw(3)), data.spec)[:, 0]
    first = (real.abs() > 0.05).float().argmax(1)
    assert (first <= 0.0101 * 8000).all()
    assert (real[:, round(1.1 * 8000) : round(1.19 * 8000)].abs().amax(1) > 0.1).all()
    told = data.report[1]
    assert told.startswith("one-shots, half of them shorter than 1.21 s without silence; slices start at the onset")
    assert "8,000 Hz, as 95% of the energy" in told


@pytest.mark.parametrize(
    ("lengths", "seconds", "whole"),
    [
        ([0.3] * 16 + [1.5] * 4, 0.8, "80%"),  # nine of ten would be 1.5 s, of which .96 were silence
        ([0.3] * 12 + [1.2] * 8, 1.2, "100%"),  # too many are long
        ([0.3] * 19 + [1.5], 0.3, "95%"),
    ],
)
def test_a_few_long_ones_do_not_make_the_slices_of_short_ones_silence(tmp_path, lengths, seconds, whole):
    for k, length in enumerate(lengths):
        soundfile.write(tmp_path / f"{k}.wav", note(length, 8000, lead=0.01), 8000)
    data = modality.load(str(tmp_path), **OPEN)
    assert data.spec.shape[1] / 8000 == pytest.approx(seconds, abs=0.06)
    assert f"s hold {whole} of them whole" in data.report[1]
    assert ("silence for the most part" in data.report[1]) == (whole == "80%")


def test_a_length_that_is_asked_for_does_not_turn_notes_into_recordings(notes):
    data = modality.load(str(notes), **{**OPEN, "samples": 3000})
    assert data.spec.shape == (1, 3000)
    assert data.items.starts == [round(max(0, 0.05 * k - 0.005) * 8000) for k in range(10)]
    assert modality.load(str(notes), **{**OPEN, "samples": 3000, "kind": "long"}).items.anywhere


def test_long_recordings_are_sliced_anywhere(tmp_path):
    soundfile.write(tmp_path / "talk.wav", np.concatenate([note(0.3, 8000)] * 40), 8000)
    data = modality.load(str(tmp_path), **OPEN)
    assert data.items.anywhere
    assert data.spec.shape == (1, 8192)
    assert data.report[1].startswith("long recordings")
    assert "anywhere" in data.report[1]


@pytest.mark.parametrize(
    ("recorded_hz", "wave", "rate"),
    [
        (44_100, note(0.5, 44_100), 8_000),
        (44_100, note(0.5, 44_100, 4_500), 11_025),
        (44_100, noise(0.5, 44_100), 16_000),
        (8_000, noise(0.5, 8_000), 8_000),
        (6_000, note(0.5, 6_000), 6_000),
    ],
)
def test_the_rate_holds_the_tones_and_is_none_that_the_files_lack(tmp_path, recorded_hz, wave, rate):
    soundfile.write(tmp_path / "a.wav", wave, recorded_hz)
    assert modality.load(str(tmp_path), **OPEN).spec.meta["sample_rate_hz"] == rate


def test_one_sound_in_ten_may_be_longer_and_is_cut(tmp_path):
    for k in range(20):
        soundfile.write(tmp_path / f"{k:02}.wav", note(4 if k == 7 else 0.5, 8000), 8000)
    data = modality.load(str(tmp_path), **OPEN)
    assert 0.5 <= data.spec.shape[1] / 8000 < 0.55
    assert "1 longer than a slice, cut after it: 1 while they sound, 0 in silence (40 dB below their loudest)" in (
        data.report
    )


def test_of_cut_sounds_it_is_said_whether_silence_was_cut(tmp_path):
    """Files of machines go on as silence: "83 % whole" beside "half of them cut" would contradict itself."""
    for k in range(20):
        silence = np.zeros(8000, np.float32)
        soundfile.write(tmp_path / f"{k:02}.wav", np.concatenate([note(0.5, 8000), silence]), 8000)
    data = modality.load(str(tmp_path), **OPEN)
    assert "20 longer than a slice, cut after it: 0 while they sound, 20 in silence" in "\n".join(data.report)


def test_doctor_and_loader_cut_alike(tmp_path):
    for k in range(6):
        soundfile.write(tmp_path / f"{k}.wav", note(0.2 + 0.2 * k, 22_050, lead=0.3), 22_050)
    soundfile.write(tmp_path / "silent.wav", np.zeros(900), 22_050)
    (tmp_path / "broken.wav").write_bytes(b"no sound")
    for options in (OPEN, {**OPEN, "kind": "long"}, {**OPEN, "samples": 0, "begin": "file"}):
        data = modality.load(str(tmp_path), **options)
        survey = modality.inspect(tmp_path, {**Options()._asdict(), **options}, lambda done, total: None)
        assert survey.spec == data.spec
        assert survey.items == len(data.items)
        assert survey.counts["chosen"] == data.report[1]
        found = {one.name: one for one in survey.findings}
        cut = [line for line in data.report if "longer than a slice" in line]
        assert [line.split()[0] for line in cut] == [f"{one.count}" for one in [found.get("cut")] if one]


def test_nothing_is_chosen_where_nothing_is_open(notes):
    files = sorted(notes.iterdir())
    assert plan_slices(files, Options()) == (Options(), "")
    plan = plan_slices(files, Options(begin="onset", kind="oneshot"))
    assert plan.said == ""
    assert modality.load(str(notes), samples=3000).items.anywhere


def test_silence_alone_is_refused_and_the_doctor_says_so(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(900), 8000)
    with pytest.raises(DataError, match="all of 1 sound in"):
        modality.load(str(tmp_path), **OPEN)
    survey = modality.inspect(tmp_path, {**Options()._asdict(), **OPEN}, lambda done, total: None)
    assert "silent" in [finding.name for finding in survey.findings]


def test_doctor_training_and_evaluation_cut_alike(notes, tmp_path_factory):
    small = ["G.width=2", "D.width=2", "train.samples=16", "train.report=false", "train.vitals=0", "data.holdout=2"]
    source = f"data.source={json.dumps(str(notes))}"
    run = multigan.train(
        "audio/folder", run=tmp_path_factory.mktemp("run") / "a", overrides=[*small, source], quiet=True
    )
    survey = modality.inspect(notes, {**Options()._asdict(), **OPEN}, lambda done, total: None)
    subject = load_subject(run.folder, "last")
    assert run.generator.spec == subject.data.spec == survey.spec
    assert len(subject.data.items) == survey.items == 10
    assert subject.data.items.starts == modality.load(str(notes), **OPEN).items.starts
    told = json.loads((run.folder / "run.json").read_text())["data"]
    assert told[1] == survey.counts["chosen"]
    assert run.generator.generate(1)[0][0].shape == (survey.spec.shape[1],)


def test_a_run_keeps_the_slices_it_began_with_when_longer_files_join(notes, tmp_path_factory):
    small = ["G.width=2", "D.width=2", "train.samples=16", "train.report=false", "train.vitals=0", "data.holdout=2"]
    source = f"data.source={json.dumps(str(notes))}"
    folder = tmp_path_factory.mktemp("run") / "a"
    run = multigan.train("audio/folder", run=folder, overrides=[*small, source], quiet=True)
    for k in range(10):
        soundfile.write(notes / f"longer-{k}.wav", note(1.9, 8000), 8000)
    assert modality.load(str(notes), **OPEN).spec.shape != run.generator.spec.shape
    options = multigan.load_recipe(str(folder / "recipe.toml")).data.options
    kept = {"samples": run.generator.spec.shape[1], "sample_rate_hz": 8000, "kind": "oneshot"}
    assert kept.items() <= options.items()
    longer = multigan.resume(folder, samples=32, changed_data=True, quiet=True)
    assert longer.state.samples == 32
    assert longer.generator.spec.shape == run.generator.spec.shape


def test_hits_that_outlast_their_slices_fade_out_and_others_stay_as_they_are(tmp_path):
    for name, seconds in (("long", 1.2), ("short", 0.3)):
        soundfile.write(tmp_path / f"{name}.wav", note(seconds, 8000), 8000)
    data = modality.load(str(tmp_path), **{**OPEN, "samples": 4000})
    whole = modality.load(str(tmp_path), samples=4000, sample_rate_hz=8000)
    faded, cut = (modality.to_real(d.items.take(torch.arange(2), Draw(3)), d.spec)[:, 0] for d in (data, whole))
    assert torch.equal(faded[:, :3840], cut[:, :3840])
    assert torch.equal(faded[1], cut[1])
    assert cut[0, -40:].abs().max() > 0.2
    assert faded[0, -8:].abs().max() < 0.02
    assert (faded[0, 3840:].abs() <= cut[0, 3840:].abs() + 1e-4).all()


def test_what_the_highest_rate_loses_is_said(tmp_path):
    for k in range(4):
        soundfile.write(tmp_path / f"{k}.wav", note(0.5, 44100, 12_000.0 if k else 300.0), 44100)
    told = " ".join(modality.load(str(tmp_path), **OPEN).report)
    assert "16,000 Hz, the highest that is chosen by itself: of 3 of 4 more than 5% of the energy lies above" in told
    assert "of the energy of most" not in told
    assert modality.load(str(tmp_path), **OPEN | {"sample_rate_hz": 44100}).spec.meta["sample_rate_hz"] == 44100
