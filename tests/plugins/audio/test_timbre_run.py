"""Two sets of sounds without pairs, from the recipe to files that are made both ways."""

import numpy as np
import pytest
import soundfile

import multigan
from multigan.generator.reverse import reversed_way
from multigan.plugins.audio.voices import HIGH, LOW, told_by
from multigan.plugins.choose import sniff

SETS = ["data.samples=1024", "G.width=8", "G.blocks=1", "D.width=4", "data.holdout=0.02", "train.batch=4"]
SETS += ["train.samples=16", "train.vitals=0", "train.sheets=1"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timbre") / "run"
    return multigan.train("audio/timbre", run=folder, overrides=SETS, quiet=True)


def test_files_are_made_there_and_back(run, tmp_path):
    wave = told_by(LOW, 400, 12_345, 8000) / 32768
    soundfile.write(tmp_path / "low.wav", wave, 8000)
    generator = multigan.load(run.folder)
    for way in (generator, reversed_way(generator)):
        made, rate = way.apply(tmp_path / "low.wav")
        assert (made.shape, rate) == ((12_345,), 8000)
        assert 0.01 < np.abs(made).max() <= 1


def test_the_report_plays_rows_of_input_output_and_what_comes_back(run):
    page = (run.folder / "report.html").read_text()
    assert "Rows of input, output, what comes back of it: held-out items, none chosen." in page
    assert page.count("<audio") == page.count('<svg class="time"') > 2
    assert page.count("<audio") % 3 == 0
    assert all(f'<th scope="col">{name}</th>' in page for name in ("input", "output", "what comes back of it"))


def test_folders_named_as_two_sets_get_the_recipe(tmp_path):
    for name, voice in (("trainA", LOW), ("trainB", HIGH)):
        (tmp_path / name).mkdir()
        for number in range(2):
            path = tmp_path / name / f"{name}-{number}.wav"
            soundfile.write(path, told_by(voice, number, 4096, 8000) / 32768, 8000)
    assert sniff(tmp_path).recipe == "audio/timbre"


def test_the_recipe_is_the_same_sounds_for_either_way():
    data = multigan.plugins.modalities.get("audio").load("high-voices", samples=1024, form="mel")
    assert data.spec.shape == (40, 17)
    assert len(data.items) == 100 * 23
