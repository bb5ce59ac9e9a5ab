"""A run that goes on: with the same data to the bit, with other data never in silence."""

import json
import shutil

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

import multigan
from multigan.core.errors import DataError, RecipeError, RunError
from multigan.doctor.health import examine
from multigan.evaluation.subject import load_subject
from multigan.identity.record import read_record
from multigan.provenance.labels import label, write_png


def newest(run):
    return load_file(sorted((run / "checkpoints").glob("step-*"))[-1] / "tensors.safetensors")


@pytest.fixture
def stopped(pictures, settings, stop_after, tmp_path):
    """A run on pictures that stopped half-way; its data lies in `set`."""
    pictures()
    return stopped_run(tmp_path, stop_after, settings)


def stopped_run(tmp_path, stop_after, settings, *more, source="set", recipe="image/folder"):
    stop_after(20)
    place = json.dumps(str(tmp_path / source))
    run = multigan.train(
        recipe, run=tmp_path / "run", overrides=[*settings, f"data.source={place}", *more], quiet=True
    )  # fmt: skip
    assert run.state.samples == 160
    return run.folder


def test_moved_data_goes_on_to_the_same_bits_as_a_run_that_never_stopped(stopped, settings, tmp_path):
    place = json.dumps(str(tmp_path / "set"))
    whole = multigan.train(
        "image/folder", run=tmp_path / "whole", overrides=[*settings, f"data.source={place}"], quiet=True
    )
    (tmp_path / "set").rename(tmp_path / "moved")
    with pytest.raises(DataError, match=r"looked in .*set .*--resume .*run --data PATH"):
        multigan.resume(stopped, quiet=True)
    resumed = multigan.resume(stopped, data=tmp_path / "moved", quiet=True)
    a, b = newest(whole.folder), newest(resumed.folder)
    assert a.keys() == b.keys()
    assert all(torch.equal(a[name], b[name]) for name in a)
    record = read_record(stopped)
    assert record.identity.source == str(tmp_path / "moved")
    assert record.changes == ()
    # From here on every verb looks in the new place.
    assert multigan.resume(stopped, quiet=True).state == whole.state
    assert load_subject(stopped, "last").warnings == ()


CHANGES = {
    "added": (lambda data: shutil.copy(data / "one" / "000.png", data / "one" / "zzz.png"), r"1 file added \(one/zzz"),
    "missing": (
        lambda data: (data / "two" / "003.png").unlink(),
        r"1 file missing \(two/003.png\); 40 items before, 39",
    ),
    "changed": (lambda data: shutil.copy(data / "one" / "000.png", data / "one" / "001.png"), r"1 file changed"),
    "renamed": (
        lambda data: (data / "one" / "000.png").rename(data / "one" / "last.png"),
        r"1 file renamed \(one/000.png to one/last.png\)",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_data_is_refused_in_words_and_nothing_is_touched(stopped, tmp_path, change):
    do, said = CHANGES[change]
    before = {path: path.read_bytes() for path in stopped.rglob("*") if path.is_file()}
    do(tmp_path / "set")
    with pytest.raises(DataError, match=said + r".*put the data back.*--changed-data"):
        multigan.resume(stopped, quiet=True)
    assert {path: path.read_bytes() for path in stopped.rglob("*") if path.is_file()} == before


def test_going_on_with_changed_data_is_recorded_and_ends_the_claim(stopped, tmp_path, capsys):
    (tmp_path / "set" / "one" / "000.png").unlink()
    run = multigan.resume(stopped, changed_data=True)
    err = " ".join(capsys.readouterr().err.split())
    assert "going on with other data" in err
    assert "never trained on" not in err
    assert "held out from here on" in err
    record = read_record(stopped)
    assert [(change.samples, change.what[0]) for change in record.changes] == [(160, "1 file missing (one/000.png)")]
    assert "after 160 samples" in json.loads((stopped / "run.json").read_text())["data_changes"][0]
    assert run.state.samples == 400
    assert any("changed after 160 samples" in line for line in examine(stopped).evidence)
    subject = load_subject(stopped, "last")
    assert any("changed after 160 samples" in line for line in subject.warnings)
    assert subject.doubt
    assert subject.as_trained  # it is what the run was trained on last
    multigan.resume(stopped)  # the data is now what it was at the last sitting
    err = " ".join(capsys.readouterr().err.split())
    assert "never trained on" not in err
    assert len(read_record(stopped).changes) == 1


def test_what_was_nearest_to_other_data_does_not_win(pictures, settings, stop_after, tmp_path, capsys):
    pictures()
    run = stopped_run(tmp_path, stop_after, settings, "train.vitals=4")
    path = run / "metrics.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    near = [{**row, "vitals/distance": 1e-6} if "vitals/distance" in row else row for row in rows]
    path.write_text("".join(json.dumps(row) + "\n" for row in near))
    assert multigan.load(run, "best").config["samples_seen"] <= 160
    (tmp_path / "set" / "one" / "000.png").unlink()
    multigan.resume(run, changed_data=True)
    assert multigan.load(run, "best").config["samples_seen"] > 160
    assert "from there on the best is sought anew" in " ".join(capsys.readouterr().err.split())


def test_files_that_training_leaves_out_may_come_and_an_older_record_goes_on(stopped, tmp_path):
    folder = tmp_path / "set"
    (folder / "one" / "broken.png").write_bytes(b"broken")
    with Image.open(folder / "one" / "000.png") as picture:
        write_png(picture, folder / "one" / "made.png", label("g", "0" * 64, "image/folder", 0))
    record = json.loads((stopped / "data.json").read_text())
    assert record["identity"].pop("taken")
    (stopped / "data.json").write_text(json.dumps(record))
    multigan.resume(stopped, quiet=True)
    now = read_record(stopped)
    assert (now.changes, now.identity.taken, len(now.identity.files)) == ((), True, 40)


def test_a_run_inside_of_its_data_is_not_said_to_be_left_out_and_is_labelled_by_its_recipes_name(
    pictures, settings, tmp_path, capsys
):
    place = json.dumps(str(pictures()))
    overrides = [*settings, f"data.source={place}", "train.samples=16"]
    run = multigan.train("image/folder", run=tmp_path / "set" / "runs" / "mine-1", overrides=overrides)
    multigan.resume(run.folder)
    said = [line for line in capsys.readouterr().err.splitlines() if "left out" in line or "class folder" in line]
    facts = json.loads((run.folder / "run.json").read_text())
    assert said == [line for line in facts["data"] if "left out" in line] == []
    assert facts["recipe"] == run.generator.label(0)["recipe"] == "image/folder"


def test_the_flag_alone_changes_nothing(stopped):
    multigan.resume(stopped, changed_data=True, quiet=True)
    assert read_record(stopped).changes == ()


@pytest.mark.parametrize("flag", [False, True])
def test_another_order_of_classes_is_refused_even_under_the_flag(pictures, settings, stop_after, tmp_path, flag):
    pictures()
    run = stopped_run(tmp_path, stop_after, settings, "game.conditional=true")
    (tmp_path / "set" / "two").rename(tmp_path / "set" / "alpha")
    with pytest.raises(DataError, match=r"classes \[one, two\] before, \[alpha, one\] now.*no option goes on"):
        multigan.resume(run, changed_data=flag, quiet=True)


def test_classes_that_are_gone_are_no_fault_of_the_recipe(pictures, settings, stop_after, tmp_path):
    pictures()
    run = stopped_run(tmp_path, stop_after, settings, "game.conditional=true")
    shutil.rmtree(tmp_path / "set" / "two")
    with pytest.raises(DataError, match=r"the data of .* cannot be read.*no labels"):
        multigan.resume(run, quiet=True)


@pytest.mark.parametrize("flag", [False, True])
def test_another_vocabulary_is_refused_even_under_the_flag(stop_after, tmp_path, flag):
    lines = tmp_path / "lines.txt"
    lines.write_text("".join(f"red tree {number % 7}\n" for number in range(100)))
    small = ["train.samples=400", "train.batch=8", "train.sheets=0", "train.vitals=0", "train.report=false"]
    run = stopped_run(
        tmp_path, stop_after, small, "G.hidden=8", "D.filters=4", "phases=[]", "data.length=12",
        source="lines.txt", recipe="text/file",
    )  # fmt: skip
    lines.write_text(lines.read_text() + "zebra quartz\n" * 50)
    with pytest.raises(DataError, match=r"1 file changed \(lines.txt\).*vocabulary.*no option goes on"):
        multigan.resume(run, changed_data=flag, quiet=True)


def test_other_names_in_the_same_order_go_on_and_are_said(pictures, settings, stop_after, tmp_path, capsys):
    pictures(classes=("only",))
    run = stopped_run(tmp_path, stop_after, settings, "data.holdout=4")
    (tmp_path / "set" / "only").rename(tmp_path / "set" / "other")
    multigan.resume(run)
    assert "20 files renamed" in " ".join(capsys.readouterr().err.split())
    assert read_record(run).changes == ()


def test_a_run_of_an_older_version_goes_on_and_says_that_nobody_knows(stopped, capsys):
    (stopped / "data.json").unlink()
    multigan.resume(stopped)
    assert "no data.json" in " ".join(capsys.readouterr().err.split())
    assert len(read_record(stopped).identity.files) == 40


def test_a_run_of_an_older_version_still_knows_its_classes(stopped, tmp_path):
    (stopped / "data.json").unlink()
    (tmp_path / "set" / "two").rename(tmp_path / "set" / "alpha")
    with pytest.raises(DataError, match=r"\[one, two\] before, \[alpha, one\] now"):
        multigan.resume(stopped, quiet=True)


def test_a_damaged_record_is_one_line_that_says_the_way_out(stopped):
    (stopped / "data.json").write_text("{")
    with pytest.raises(RunError, match=r"data\.json is damaged.*delete it"):
        multigan.resume(stopped, quiet=True)


def test_a_new_run_needs_labels_as_before(pictures, settings, tmp_path):
    pictures(classes=("only",))
    overrides = [*settings, f"data.source={json.dumps(str(tmp_path / 'set'))}", "game.conditional=true"]
    with pytest.raises(RecipeError, match="no labels"):
        multigan.train("image/folder", run=tmp_path / "run", overrides=overrides, quiet=True)
