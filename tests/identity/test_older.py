"""Records of runs that counted every file at the place, compared with what loaders say that they took."""

import json
from dataclasses import replace

import pytest
from PIL import Image

from multigan.build import build_data, build_split
from multigan.identity.difference import differences
from multigan.identity.fingerprint import identify
from multigan.identity.older import compare
from multigan.provenance.labels import label, write_png
from multigan.recipe.recipe import load_recipe


def leave_out(folder):
    """Files among the data that training leaves out: one that cannot be read, one of MultiGAN's own."""
    (folder / "one" / "000-broken.png").write_bytes(b"broken")
    with Image.open(folder / "two" / "000.png") as picture:
        write_png(picture, folder / "two" / "made.png", label("g", "0" * 64, "image/digits", 0))
    (folder / "one" / "LICENSE").write_text("mine")


def loaded(folder):
    recipe = load_recipe("image/folder", [f"data.source={json.dumps(str(folder))}", "data.holdout=8"])
    data = build_data(recipe)
    split = build_split(recipe, data)
    return data, identify(data, str(folder), split), identify(replace(data, files=()), str(folder), split)


def test_a_record_that_counts_every_file_is_compared_as_it_was_written(pictures):
    folder = pictures()
    leave_out(folder)
    data, now, record = loaded(folder)
    assert (len(record.files), record.taken, len(now.files), now.taken) == (43, False, 40, True)
    assert differences(record, now)
    assert not compare(record, now, data)
    (folder / "one" / "001.png").unlink()
    data, now, _ = loaded(folder)
    said = compare(record, now, data).items
    assert said == ("1 file missing (one/001.png)", "40 items before, 39 now")


def test_what_is_left_out_may_be_added_to_an_older_runs_data(pictures):
    folder = pictures()
    _, _, record = loaded(folder)
    leave_out(folder)
    data, now, _ = loaded(folder)
    assert not compare(record, now, data)


@pytest.mark.parametrize("name", ["lines.txt", "poems"])
def test_texts_and_their_places_are_the_same_in_either_record(tmp_path, name):
    place = tmp_path / name
    files = [place] if place.suffix else [place / "a.txt", place / "b.txt", place / "empty.txt"]
    files[0].parent.mkdir(exist_ok=True)
    for file in files:
        file.write_text("" if file.stem == "empty" else f"{file.stem} tree\n" * 20)
    recipe = load_recipe("text/file", [f"data.source={json.dumps(str(place))}", "data.length=12"])
    data = build_data(recipe)
    split = build_split(recipe, data)
    now, record = (identify(one, str(place), split) for one in (data, replace(data, files=())))
    assert [mark.name for mark in now.files] == (["lines.txt"] if place.suffix else ["a.txt", "b.txt"])
    assert not compare(record, now, data)


def test_what_an_older_version_trained_on_and_this_one_leaves_out_is_named(pictures):
    folder = pictures()
    with Image.open(folder / "two" / "000.png") as picture:
        write_png(picture, folder / "two" / "made.png", label("g", "0" * 64, "image/digits", 0))
    data, now, record = loaded(folder)
    said = compare(replace(record, items=41), now, data).items
    assert said == (
        "41 items before, 40 now",
        "1 file left out now, which an older version may have trained on (two/made.png)",
    )
