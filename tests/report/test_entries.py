import json

import pytest

from multigan.core.errors import RunError
from multigan.recipe.recipe import dumps, load_recipe
from multigan.report.entries import differing_keys, read_entry, vitals_entry


def test_runs_that_differ_in_the_seed_share_a_group(write_runs):
    one, other = (read_entry(folder) for folder in write_runs("0.01", [1.0, 2.0]))
    assert one.group == other.group
    assert one.recipe.train.seed != other.recipe.train.seed
    assert read_entry(write_runs("0.02", [1.0])[0]).group != one.group


def test_the_best_distance_stands_in(run):
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    found = vitals_entry(read_entry(run)).scores["vitals/distance"].value
    assert found == min(row["vitals/distance"] for row in rows if "vitals/distance" in row)


def test_nothing_to_compare_is_an_error(run, tmp_path):
    (run / "metrics.jsonl").write_text("")
    with pytest.raises(RunError, match="neither scores nor vitals"):
        vitals_entry(read_entry(run))
    (run / "evaluation.json").write_text("{")
    with pytest.raises(RunError, match="damaged"):
        read_entry(run)
    with pytest.raises(RunError, match="no run directory"):
        read_entry(tmp_path)


def test_keys_that_differ_are_named_without_the_seed():
    one = load_recipe("points/ring", ["optim.lr=0.001", "train.seed=1"])
    other = load_recipe("points/ring", ["optim.lr=0.002", "train.seed=2", "data.n=50"])
    assert differing_keys([one, other]) == {"data.n": [None, 50], "optim.lr": [0.001, 0.002]}


def test_vitals_of_other_extractors_are_told_apart(tmp_path):
    frames = []
    for name, made in (("old", None), ("new", {"name": "eye", "sha256": "1" * 64}), ("again", {"sha256": "1" * 64})):
        folder = tmp_path / name
        folder.mkdir()
        recipe = load_recipe("points/ring", [])
        (folder / "recipe.toml").write_text(dumps(recipe))
        row = {"step": 1, "samples": 1, "phase": "main", "vitals/distance": 0.5, "vitals/items": 3.0}
        (folder / "metrics.jsonl").write_text(json.dumps(row) + "\n")
        (folder / "run.json").write_text(json.dumps({"extractor": made} if made else {}))
        frames.append(vitals_entry(read_entry(folder)).frame)
    assert frames[0] != frames[1]
    assert frames[1] == frames[2]
