"""What a data set is, and what it is not: where it lies, when it was written."""

import json
import os
import unicodedata

import pytest
import torch
from PIL import Image

from multigan.build import build_data, build_split
from multigan.core.errors import DataError
from multigan.core.types import Data, Spec
from multigan.identity.fingerprint import Identity, identify
from multigan.provenance.labels import label, write_png
from multigan.recipe.recipe import load_recipe


def identity_of(source, recipe="image/folder", *overrides):
    loaded = load_recipe(recipe, [f"data.source={json.dumps(str(source))}", "data.holdout=8", *overrides])
    data = build_data(loaded)
    return identify(data, loaded.data.source, build_split(loaded, data))


def test_the_place_and_the_time_of_files_do_not_count(pictures, tmp_path):
    here = identity_of(pictures())
    for file in (tmp_path / "set").rglob("*.png"):
        os.utime(file, (1, 1))
    (tmp_path / "set").rename(tmp_path / "other")
    there = identity_of(tmp_path / "other")
    assert here.digest == there.digest
    assert here.source != there.source
    assert here.items == len(here.files) == 40
    assert {mark.name.split("/")[0] for mark in here.files} == set(here.classes) == {"one", "two"}


def test_one_bit_of_one_file_counts(pictures, tmp_path):
    before = identity_of(pictures())
    file = tmp_path / "set" / "one" / "007.png"
    file.write_bytes(file.read_bytes() + b"\0")  # the same picture to a decoder
    after = identity_of(tmp_path / "set")
    changed = [new.name for old, new in zip(before.files, after.files, strict=True) if old != new]
    assert changed == ["one/007.png"]
    assert before.digest != after.digest
    assert before.content != after.content


def test_it_survives_being_written_down(pictures):
    found = identity_of(pictures())
    assert Identity.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_names_are_compared_as_people_read_them(pictures, tmp_path):
    folder = pictures()
    name = "Zoë.png"
    (folder / "one" / "000.png").rename(folder / "one" / unicodedata.normalize("NFD", name))
    names = {mark.name for mark in identity_of(folder).files}
    assert f"one/{unicodedata.normalize('NFC', name)}" in names


def test_embedded_sets_are_known_by_a_sample_of_their_items():
    here, again = identity_of("ring", "points/ring", "data.n=500"), identity_of("ring", "points/ring", "data.n=500")
    wider = identity_of("ring", "points/ring", "data.n=500", "data.deviation=0.3")
    assert here == again
    assert here.files == ()
    assert len(here.sample) == 256
    assert here.sample != wider.sample


def test_a_folder_of_an_embedded_name_is_not_read(tmp_path, monkeypatch):
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "points.csv").write_text("0,0\n1,1\n")
    monkeypatch.chdir(tmp_path)
    assert identity_of("ring", "points/ring", "data.n=500").files == ()


class Drawn:
    """Items of a loader that names no files."""

    def __len__(self):
        return 300

    def take(self, indices, draw):
        return indices[:, None].float().repeat(1, 2)


def test_a_loader_may_name_its_files_or_not(tmp_path):
    for name in ("b.csv", "a.csv", "notes.md"):
        (tmp_path / name).write_text(name)
    bare = Data(Drawn(), Spec("points", (2,), (), {"centre": [0.0, 0.0], "scale": 1.0}))
    loaded = load_recipe("points/ring")
    split = build_split(loaded, bare)
    assert [mark.name for mark in identify(bare, str(tmp_path), split).files] == ["a.csv", "b.csv"]
    named = Data(bare.items, bare.spec, files=(tmp_path / "b.csv",), root=tmp_path)
    assert [mark.name for mark in identify(named, "elsewhere", split).files] == ["b.csv"]


def test_a_file_that_vanishes_before_it_is_read_is_said(tmp_path):
    gone = tmp_path / "gone.csv"
    data = Data(Drawn(), Spec("points", (2,)), files=(gone,), root=tmp_path)
    with pytest.raises(DataError, match=r"gone\.csv cannot be read"):
        identify(data, str(tmp_path), build_split(load_recipe("points/ring"), data))


def test_labels_and_the_split_count(pictures):
    folder = pictures()
    first, other = identity_of(folder), identity_of(folder, "image/folder", "train.seed=1")
    assert first.held_out != other.held_out
    assert first.labels == other.labels != ""
    assert torch.tensor([pair[0] for pair in first.sample]).isfinite().all()


def leave_out(folder):
    """Files among the data that training leaves out: one that cannot be read, one of MultiGAN's own."""
    (folder / "one" / "000-broken.png").write_bytes(b"broken")
    with Image.open(folder / "two" / "000.png") as picture:
        write_png(picture, folder / "two" / "made.png", label("g", "0" * 64, "image/digits", 0))
    (folder / "one" / "LICENSE").write_text("mine")


def test_what_training_leaves_out_does_not_count(pictures):
    folder = pictures()
    before = identity_of(folder)
    leave_out(folder)
    after = identity_of(folder)
    assert before.taken
    assert (before.digest, before.files) == (after.digest, after.files)
