"""Whoever speaks of held-out items looks whether they still are."""

import json
import shutil

import pytest
from PIL import Image

import multigan
from multigan.core.errors import DataError
from multigan.evaluation.edits import benchmark
from multigan.generator.generator import load
from multigan.identity.opened import changes_of, open_data
from multigan.publish.caution import objections
from multigan.publish.facts import read_facts
from multigan.publish.novel import pick
from multigan.recipe.recipe import load_recipe
from multigan.report.compare import compare
from multigan.report.write import write_report


@pytest.fixture
def run(pictures, settings, tmp_path):
    place = json.dumps(str(pictures()))
    short = [*settings, f"data.source={place}", "train.samples=64"]
    return multigan.train("image/folder", run=tmp_path / "run", overrides=short, quiet=True).folder


def opened(run, **options):
    return open_data(run, load_recipe(str(run / "recipe.toml")), **options)


def test_data_that_stayed_is_as_trained(run):
    found = opened(run)
    assert (found.known, found.as_trained, found.warnings) == (True, True, ())
    assert len(found.split.held_out) == 8


def test_data_that_was_changed_since_is_warned_of_without_private_names(run, tmp_path):
    (tmp_path / "set" / "one" / "000.png").rename(tmp_path / "set" / "one" / "secret.png")
    found = opened(run)
    assert not found.as_trained
    assert "1 file renamed" in found.warnings[0]
    assert "secret" not in found.warnings[0]
    page = write_report(run).read_text(encoding="utf-8")
    assert "not what it was in training" in page
    with pytest.raises(DataError, match="not what it was in training"):
        benchmark(run)
    assert pick(load(run), read_facts(run), 4, 0).compared == 0


def test_moved_data_is_found_by_its_new_place(run, tmp_path):
    assert pick(load(run), read_facts(run), 4, 0).compared == 40
    (tmp_path / "set").rename(tmp_path / "moved")
    with pytest.raises(DataError, match=r"multigan evaluate .* --data PATH"):
        opened(run)
    assert opened(run, place=tmp_path / "moved").as_trained


def test_other_classes_are_other_data(run, tmp_path):
    (tmp_path / "set" / "two").rename(tmp_path / "set" / "alpha")
    with pytest.raises(DataError, match=r"not what the run was trained on.*\[alpha, one\] now"):
        opened(run)


def test_data_without_the_run_s_classes_is_told_to_be_sorted_by_them(run, tmp_path):
    loose = tmp_path / "loose"
    loose.mkdir()
    for n, file in enumerate((tmp_path / "set").rglob("*.png")):
        shutil.copy(file, loose / f"{n}.png")
    with pytest.raises(DataError, match=r"sort it into a sub-folder for each of the run's 2 classes: one, two\.$"):
        opened(run, place=loose)
    (tmp_path / "set" / "two").rename(tmp_path / "set" / "alpha")
    with pytest.raises(DataError, match=r"leave --data out, where the run's own is still in its place\.$"):
        opened(run, place=tmp_path / "set")


def test_a_run_that_is_told_classes_says_so_too_of_data_without(pictures, settings, tmp_path):
    place = json.dumps(str(pictures()))
    told = [*settings, f"data.source={place}", "train.samples=64", "game.conditional=true"]
    run = multigan.train("image/folder", run=tmp_path / "run", overrides=told, quiet=True).folder
    with pytest.raises(DataError, match=r"the run's 2 classes: one, two; or leave --data out, where the run's own is"):
        opened(run, place=tmp_path / "set" / "one")
    (tmp_path / "set").rename(tmp_path / "gone")
    with pytest.raises(DataError, match="if it was moved, type multigan evaluate"):
        opened(run)


def test_a_change_during_the_run_follows_it_everywhere(run, tmp_path):
    (tmp_path / "set" / "one" / "000.png").unlink()
    multigan.resume(run, changed_data=True, quiet=True)
    assert opened(run).as_trained  # with what it was trained on last
    assert "changed after 64 samples" in opened(run).warnings[0]
    assert any(line.startswith("data: the data was changed") for line in objections(read_facts(run), "")) is False
    (run / "evaluation.json").write_text(json.dumps({"scores": []}))
    assert any(line.startswith("data: the data was changed") for line in objections(read_facts(run), ""))
    assert "changed after 64 samples" in write_report(run).read_text(encoding="utf-8")


def test_runs_are_compared_by_content_and_not_by_place(run, pictures, tmp_path):
    shutil.copytree(tmp_path / "set", tmp_path / "copy")
    other, third = tmp_path / "other", tmp_path / "third"
    for folder, source, seed in ((other, "copy", 1), (third, "set", 2)):
        if folder == third:
            (tmp_path / "set" / "one" / "000.png").unlink()
        place = json.dumps(str(tmp_path / source))
        overrides = [f"data.source={place}", f"train.seed={seed}"]
        multigan.train(load_recipe(str(run / "recipe.toml"), overrides), run=folder, quiet=True)
    assert not any("different data" in line for line in compare([run, other]).warnings)
    assert any("different data" in line for line in compare([run, third]).warnings)


def test_a_damaged_record_is_a_line(run):
    assert changes_of(run) == []
    (run / "data.json").write_text("[" * 10_000)
    assert "data.json is damaged" in changes_of(run)[0]


def test_other_data_are_said_to_be_that_and_not_that_they_may_have_been_trained_on(run, pictures, tmp_path):
    other = tmp_path / "other"
    for label in ("one", "two"):
        (other / label).mkdir(parents=True)
        for k in range(40):
            Image.new("RGB", (16, 16), (6 * k, 255 - 6 * k, len(label) * 9)).save(other / label / f"{label}{k}.png")
    found = opened(run, place=other)
    assert found.other
    assert found.warnings[0].startswith("these are other data than the run was trained on: none of 80 items")
    judged = multigan.evaluate(run, data=other, samples=100, cache=False)
    assert judged.facts["counts"]["compared_with"] == "unseen"
    assert (judged.facts["counts"]["unseen"], judged.facts["data_changed"]) == (80, True)
    said = " ".join([*judged.verdict, *judged.warnings, *(str(score) for score in judged.scores)])
    assert "memorising: cannot be told, these are other data" in said
    for words in ("held out", "trained items,", "trained reals", "trained ones"):
        assert words not in said
    assert not [score for score in judged.scores if score.group == "memorisation"]
    shutil.copy(tmp_path / "set" / "one" / "000.png", other / "one" / "known.png")
    assert not opened(run, place=other).other
