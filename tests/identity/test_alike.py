import json
import shutil

import pytest
import torch

import multigan
from multigan.build import build_data, build_split
from multigan.evaluation.subject import load_subject
from multigan.identity import sitting
from multigan.identity.alike import alike_lines, with_alike
from multigan.identity.record import read_record
from multigan.recipe.recipe import load_recipe


@pytest.fixture
def twice(pictures, settings):
    """The overrides of a run whose pictures are all there twice; the folder."""
    folder = pictures(each=20)
    for path in sorted(folder.rglob("*.png")):
        shutil.copy(path, path.with_name(f"copy of {path.name}"))
    return [*settings, f"data.source={json.dumps(str(folder))}"], folder


def seen(data):
    """What each item is, as one number."""
    draw = multigan.core.draw.Draw(0, 0, "test/")
    raw = data.items.take(torch.arange(len(data.items)), draw).flatten(1).double()
    return raw @ torch.linspace(1, 2, raw.shape[1], dtype=torch.float64)


def test_no_held_out_item_is_trained_on_under_another_name(twice, tmp_path, capsys):
    sets, folder = twice
    run = multigan.train("image/folder", run=tmp_path / "run", overrides=sets)
    said = capsys.readouterr().err
    assert "40 files are identical to others (" in said
    assert f"multigan doctor {folder} names them" in said
    subject = load_subject(run.folder, "last")
    items = seen(subject.data)
    held_out, train = subject.split.held_out, subject.split.train
    assert 8 <= len(held_out) <= 16
    assert not torch.isin(items[held_out], items[train]).any()
    multigan.resume(run.folder, samples=440, quiet=True)


def test_a_run_that_was_split_without_it_goes_on_as_it_was(twice, tmp_path, monkeypatch):
    sets, _ = twice
    with monkeypatch.context() as patch:
        patch.setattr(sitting, "with_alike", lambda data, *given, **named: data)
        run = multigan.train("image/folder", run=tmp_path / "run", overrides=sets, quiet=True)
    before = read_record(run.folder).identity.held_out
    multigan.resume(run.folder, samples=440, quiet=True)
    assert read_record(run.folder).identity.held_out == before
    assert len(load_subject(run.folder, "last").split.held_out) == 8


def test_files_that_all_differ_and_sets_in_one_file_are_as_before(pictures, settings):
    recipe = load_recipe("image/folder", [*settings, f"data.source={json.dumps(str(pictures()))}"])
    data = build_data(recipe)
    assert with_alike(data, recipe) is data
    assert alike_lines(data) == []
    ring = load_recipe("points/ring", ["data.n=300"])
    points = build_data(ring)
    assert with_alike(points, ring) is points
    assert len(build_split(ring, points).held_out) == 32
