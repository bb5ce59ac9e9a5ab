"""What the doctor says of pairs: each fault is planted once, and found with its names; good pairs get no word."""

import shutil

import numpy as np
import pytest
import torch
from PIL import Image

import multigan
from multigan.doctor.inspect import inspect_data
from multigan.engine.holdout import split_items
from multigan.inputs.assemble import read_data
from multigan.plugins import modalities
from multigan.recipe.recipe import load_recipe

ODD = {"pair-sizes", "same-sides", "swapped-sides", "leaked-pairs", "input-alone", "target-alone"}


@pytest.fixture
def pairs(tmp_path):
    """200 maps of two flat areas, and photographs of them: the same areas in other colours, with noise."""
    for side in ("A", "B"):
        (tmp_path / side).mkdir()
    for k in range(200):
        rng = np.random.default_rng(k)
        area = np.zeros((16, 16), bool)
        area[: rng.integers(4, 12), : rng.integers(4, 12)] = True
        flat = np.where(area[..., None], [220, 30, 30], [30, 30, 220])
        photo = np.where(area[..., None], [150, 140, 90], [90, 120, 60]) + rng.integers(-30, 30, (16, 16, 3))
        for side, values in (("A", flat), ("B", photo)):
            Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(tmp_path / side / f"{k:03d}.png")
    return tmp_path


def _found(folder):
    report = inspect_data(folder, recipe="image/pairs", overrides=["G.width=2", "D.width=2"])
    return {one.name: one for one in report.findings if one.name in ODD}


def test_good_pairs_get_no_word(pairs):
    assert _found(pairs) == {}


def test_swapped_equal_and_lone_files_are_named(pairs):
    one, other = pairs / "A" / "007.png", pairs / "B" / "007.png"
    one.rename(pairs / "x.png")
    other.rename(one)
    (pairs / "x.png").rename(other)
    (pairs / "B" / "011.png").unlink()
    found = _found(pairs)
    assert set(found) == {"swapped-sides", "input-alone"}
    assert (found["swapped-sides"].count, found["swapped-sides"].evidence) == (1, ("007",))
    assert "1 pair whose input looks like the others' targets" in found["swapped-sides"].what


def test_equal_sides_and_other_sizes(pairs):
    shutil.copy(pairs / "B" / "003.png", pairs / "A" / "003.png")
    Image.new("RGB", (32, 16), "red").save(pairs / "B" / "005.png")
    found = _found(pairs)
    assert found["same-sides"].evidence == ("003",)
    assert found["pair-sizes"].evidence == ("B/005.png: 16 × 16 to 32 × 16",)
    assert "whose targets are of equal size" in found["pair-sizes"].what
    for file in (pairs / "A").iterdir():
        shutil.copy(file, pairs / "B" / file.name)
    assert _found(pairs)["same-sides"].severity == "fault"


def test_doubles_across_the_split_are_found(pairs):
    for k in range(100):
        for side in ("A", "B"):
            shutil.copy(pairs / side / f"{k:03d}.png", pairs / side / f"{k + 100:03d}.png")
    found = _found(pairs)["leaked-pairs"]
    assert 10 < found.count <= 20  # of those that are held out, the ones whose double is not
    assert "scores would be too good" in found.what


def test_files_of_two_halves_are_looked_at_too(pairs, tmp_path):
    place = tmp_path / "halves"
    place.mkdir()
    for k in range(40):
        whole = Image.new("RGB", (32, 16))
        sides = [Image.open(pairs / side / f"{k:03d}.png") for side in ("A", "B")]
        for at, side in enumerate(sides if k != 9 else sides[::-1]):
            whole.paste(side, (16 * at, 0))
        whole.save(place / f"{k:03d}.png")
    assert _found(place)["swapped-sides"].evidence == ("009",)


def test_the_size_of_a_file(tmp_path):
    Image.new("L", (7, 5)).save(tmp_path / "x.png")
    (tmp_path / "y.png").write_bytes(b"none")
    assert modalities.get("image").file_size(tmp_path / "x.png") == (7, 5)
    assert modalities.get("image").file_size(tmp_path / "y.png") is None


def _all(folder, *overrides):
    report = inspect_data(folder, overrides=["G.width=2", "D.width=2", *overrides])
    return report, {one.name: one for one in report.findings}


def test_as_many_are_held_out_as_training_holds_out(pairs):
    for k in range(100, 200):  # with mirror images the 100 are 200, of which training spares some
        for side in ("A", "B"):
            (pairs / side / f"{k:03d}.png").unlink()
    recipe = load_recipe("image/pairs", [f"data.source='{pairs}'"])
    trained = read_data(recipe, modalities.get("image"))
    split = split_items(len(trained.items), "auto", recipe.train.seed, trained.items.groups)
    assert len(split.held_out)
    report, found = _all(pairs)
    assert "nothing-held-out" not in found
    assert "too-few" not in found
    assert report.counts["training"].endswith(f"{recipe.train.samples / 200:,.1f} times through the data")
    assert "nothing-held-out" in _all(pairs, "data.flip=false")[1]


def test_sizes_that_never_match(pairs):
    for file in (pairs / "B").iterdir():
        Image.open(file).resize((25, 25)).save(file)
    _, found = _all(pairs)
    assert "in 200 pairs targets are 1.56 times as wide and 1.56 times as high" in found["pair-scales"].what
    assert "inputs of 16 × 16 for pictures of 25 × 25" in found["no-net"].what
    assert "data.size" in found["no-net"].fix
    assert "no-net" not in _all(pairs, "data.size=16")[1]
    for file in (pairs / "B").iterdir():
        Image.open(file).resize((32, 32)).save(file)
    assert "pair-scales" not in _all(pairs)[1]  # as an upscaler has it
    for file in (pairs / "B").iterdir():
        Image.open(file).resize((32, 16)).save(file)
    assert "2 times as wide and 1 times as high" in _all(pairs)[1]["pair-shapes"].what


def test_rows_of_a_list_are_named_by_their_lines(pairs):
    rows = ["input,target", *(f"A/{k:03d}.png,B/{k:03d}.png" for k in range(40)), "A/041.png,B/x.png"]
    (pairs / "pairs.csv").write_text("\n".join([*rows, "A/003.png,B/042.png"]) + "\n")
    Image.new("RGB", (32, 16), "red").save(pairs / "B" / "005.png")
    report, found = _all(pairs / "pairs.csv")
    assert report.counts["pairs"] == "40 in pairs.csv, column input the input"
    assert found["row-without-file"].evidence == ("pairs.csv:42: B/x.png is not there",)
    assert found["row-again"].evidence == ("pairs.csv:43: A/003.png stands in line 5",)
    assert found["pair-sizes"].evidence == ("B/005.png: 16 × 16 to 32 × 16",)
    (pairs / "in").mkdir()
    for side in ("A", "B"):  # what lies in a folder is looked at by its list
        (pairs / side).rename(pairs / "in" / side)
    (pairs / "pairs.csv").rename(pairs / "in" / "pairs.csv")
    (pairs / "in" / "B").rename(pairs / "in" / "photographs")
    text = (pairs / "in" / "pairs.csv").read_text().replace("B/", "photographs/")
    (pairs / "in" / "pairs.csv").write_text(text)
    report, found = _all(pairs / "in")
    assert report.recipe == "image/pairs"
    assert found["row-again"].evidence == ("pairs.csv:43: A/003.png stands in line 5",)
    assert {"beside-class-folders", "labels-unused"}.isdisjoint(found)


def test_one_side_alone_and_beside_an_empty_one(pairs):
    shutil.rmtree(pairs / "B")
    assert "put B/ beside it" in _all(pairs)[1]["one-sided"].what
    (pairs / "B").mkdir()
    report, found = _all(pairs)
    assert (report.severity, "B/ beside it none" in found["nothing-to-read"].what) == ("fault", True)


def _talk(place, rows, head=()):
    """What is found in a table of two columns, by name."""
    place.write_text("".join(f"{a}\t{b}\n" for a, b in [*head, *rows]))
    return {one.name: one for one in inspect_data(place, overrides=["data.vocab=200"]).findings}


@pytest.mark.parametrize("head", [[], [("prompt", "reply")]])
def test_pairs_of_texts_are_named_by_their_lines_all_of_them(tmp_path, head):
    rows = [(f"what is number {k}?", f"it is {k} and a half.") for k in range(120)]
    for k in (3, 4, 5):
        rows[k] = ("who is there?", f"someone, {k}.")
    same = [2, 5, 40, 90]  # that of 5 has an input that was given before
    for k in same:
        rows[k] = (rows[k][0], rows[k][0])
    found = _talk(tmp_path / "talk.tsv", rows, head)["same-sides"]
    assert found.evidence == tuple(f"talk.tsv:{k + 1 + len(head)}" for k in same)
    assert "take these lines out" in found.fix
    assert "folders" not in found.fix


def test_equal_texts_of_two_lengths_and_those_far_down(tmp_path):
    rows = [(f"what is the whole number that comes after {k}, say?", "none.") for k in range(2500)]
    rows[2300] = ("none.", "none.")
    found = _talk(tmp_path / "talk.tsv", rows)["same-sides"]
    assert found.evidence == ("talk.tsv:2301",)


def test_a_table_whose_columns_are_equal_and_two_files_that_are(tmp_path):
    texts = [f"what is number {k}?" for k in range(40)]
    (tmp_path / "in").mkdir()
    for side in ("en", "de"):
        (tmp_path / "in" / f"train.{side}").write_text("".join(f"{text}\n" for text in texts))
    found = {one.name: one for one in inspect_data(tmp_path / "in", overrides=["data.vocab=200"]).findings}
    assert "both files" in found["same-sides"].fix
    assert found["same-sides"].evidence[0] == "train.en:1"
    found = _talk(tmp_path / "talk.tsv", zip(texts, texts, strict=True), [("prompt", "reply")])["same-sides"]
    assert (found.severity, "--set input.column=NAME" in found.fix) == ("fault", True)


def test_leaked_texts_are_named_by_their_lines(tmp_path):
    rows = [(f"what is number {k}?", f"it is {k} and a half.") for k in range(200)]
    rows += [("who is there?", f"it is {k} and a half.") for k in range(100)]  # of one input, 99 behind the first
    found = _talk(tmp_path / "talk.tsv", rows)["leaked-pairs"]
    held_out = split_items(300, "auto", 0, torch.tensor([*range(200), *[200] * 100])).held_out.tolist()
    twice = [k + 1 for k in held_out if k < 100]
    assert found.evidence[:3] == tuple(f"talk.tsv:{k}" for k in twice[:3])
    assert found.count == len(twice)


def test_training_and_an_evaluation_say_that_held_out_pairs_are_half_known(tmp_path, capsys):
    rows = [f"what is number {k}?\tit is {k} and a half.\n" for k in range(200)]
    rows += [f"who is number {k}?\tit is {k} and a half.\n" for k in range(200)]
    (tmp_path / "talk.tsv").write_text("prompt\treply\n" + "".join(rows))
    run = tmp_path / "run"
    small = [
        "phases=[]",
        "train.samples=32",
        "train.report=false",
        "train.vitals=0",
        "train.sheets=0",
        "data.vocab=200",
    ]
    multigan.train("text/reply", run=run, overrides=[f"data.source={tmp_path / 'talk.tsv'}", *small])
    said = "whose input or target is trained on in another pair: scores would be too good (such as talk.tsv:"
    assert said in capsys.readouterr().err
    assert any(said in line for line in multigan.evaluate(run, samples=64, cache=False).warnings)
