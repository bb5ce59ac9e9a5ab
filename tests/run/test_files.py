"""Files of a run are read as they were written, or refused in words that name the place."""

import json

import pytest

from multigan.core.errors import RunError
from multigan.run.files import read_run_file

SCORE = {"key": "frechet", "value": 1.5, "low": None, "n_fake": 64}


def write(folder, name, plain):
    (folder / name).write_text(json.dumps(plain))
    return folder


def test_what_is_not_there_is_none(tmp_path):
    assert read_run_file(tmp_path, "run.json") is None


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("run.json", {"seconds": 3, "data": ["ring"], "state": {"step": 3}, "of_a_later_version": [1, {"a": None}]}),
        ("verdict.json", {"name": "healthy", "evidence": [], "numbers": {"vitals/spread": 0.5}, "failure": None}),
        ("evaluation.json", {"scores": [SCORE], "counts": {"fake": 64, "compared_with": "trained"}, "seed": 0}),
        ("evaluation.json", {}),
    ],
)
def test_what_was_written_comes_back(tmp_path, name, plain):
    assert read_run_file(write(tmp_path, name, plain), name) == plain


@pytest.mark.parametrize(
    ("name", "plain", "where"),
    [
        ("run.json", {"seconds": "long"}, "seconds"),
        ("run.json", {"data": "one line"}, "data"),
        ("run.json", {"later": 10**400}, "later"),
        ("verdict.json", {"evidence": [["a"]]}, "evidence.0"),
        ("evaluation.json", {"scores": [SCORE, {"value": 1.0}]}, "scores.1.key"),
        ("evaluation.json", {"scores": [{**SCORE, "floor": "low"}]}, "scores.0.floor"),
        ("evaluation.json", {"flags": ["memorising"]}, "flags"),
        ("evaluation.json", [], "all of it"),
    ],
)
def test_a_value_of_another_kind_is_named(tmp_path, name, plain, where):
    with pytest.raises(RunError, match=rf"{name} is damaged: '{where}"):
        read_run_file(write(tmp_path, name, plain), name)


def test_values_that_nobody_nests_so_deeply_are_refused(tmp_path):
    deep = []
    for _ in range(60):
        deep = [deep]
    with pytest.raises(RunError, match="nested too deeply"):
        read_run_file(write(tmp_path, "run.json", {"later": deep}), "run.json")


def test_a_folder_in_the_place_of_a_file_is_said_with_what_to_type(tmp_path):
    (tmp_path / "run.json").mkdir()
    with pytest.raises(RunError, match=r"run.json is a folder; .*: mv .*run.json .*run.json.old"):
        read_run_file(tmp_path, "run.json")
