"""Weights that are none."""

import json
import shutil

import pytest
import torch
from safetensors.torch import save_file

import multigan
from multigan.cli.train import _drawing
from multigan.core.errors import CheckpointError
from multigan.doctor.health import examine
from multigan.doctor.history import Circumstances, History
from multigan.doctor.prescriptions import prescribe
from multigan.doctor.weights import best_alone_spoilt, spoilt_weights
from multigan.report.write import write_report


def test_weights_that_are_not_finite_and_files_that_are_none_are_named(tmp_path):
    for kept, value in (("generator", 1.0), ("generator-best", float("nan")), ("generator-mle", float("inf"))):
        (tmp_path / kept).mkdir()
        tensors = {"a": torch.ones(2), "b": torch.full((2,), value), "n": torch.ones(1, dtype=torch.int64)}
        save_file(tensors, tmp_path / kept / "generator.safetensors")
    assert spoilt_weights(tmp_path) == [
        f"{tmp_path}/generator/config.json is missing",
        f"{tmp_path}/generator-best/generator.safetensors: b holds NaN or infinity",
        f"{tmp_path}/generator-mle/generator.safetensors: b holds NaN or infinity",
    ]
    (tmp_path / "generator" / "generator.safetensors").write_bytes(b"no tensors")
    assert "generator/generator.safetensors: it cannot be read (" in spoilt_weights(tmp_path)[0]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    sets = ["train.samples=1500", "train.vitals=3", "data.n=600", "train.sheets=0", "train.report=false"]
    run = multigan.train("points/ring", run=tmp_path_factory.mktemp("runs") / "run", overrides=sets, quiet=True).folder
    shutil.copytree(run / "generator", run / "generator-best", dirs_exist_ok=True)
    return run


@pytest.fixture
def damaged(whole, tmp_path):
    """A run whose best generator has a bit that is another: finite, and not what was written."""
    run = shutil.copytree(whole, tmp_path / "run")
    weights = run / "generator-best" / "generator.safetensors"
    content = bytearray(weights.read_bytes())
    content[-3] ^= 1
    weights.write_bytes(content)
    return run


def test_a_checksum_that_is_wrong_is_named(whole, damaged):
    assert spoilt_weights(whole) == []
    assert spoilt_weights(damaged) == [f"{damaged}/generator-best/generator.safetensors: its checksum is wrong"]
    assert not best_alone_spoilt(whole)
    assert best_alone_spoilt(damaged)
    (damaged / "generator" / "generator.safetensors").write_bytes(b"")
    assert not best_alone_spoilt(damaged)


@pytest.mark.parametrize("content", [b"", b'{"a":', b"{}", b"\xff"])
def test_a_damaged_config_is_named_by_doctor_and_report(whole, tmp_path, content):
    run = shutil.copytree(whole, tmp_path / "run")
    (run / "generator-best" / "config.json").write_bytes(content)
    told = examine(run)
    assert told.evidence[0].startswith(f"{run}/generator-best/config.json")
    assert told.command.startswith(f"multigan generate {run} --which last ")
    assert write_report(run).read_text(encoding="utf-8").count("generator-best/config.json") == 1


@pytest.mark.parametrize("missing", ["config.json", "generator.safetensors"])
def test_of_a_best_one_with_a_file_missing_no_other_is_taken_in_silence(whole, tmp_path, missing):
    run = shutil.copytree(whole, tmp_path / "run")
    (run / "generator-best" / missing).unlink()
    for which in (None, "best"):
        with pytest.raises(CheckpointError, match=f"and no {missing} beside it.*type --which last, which is whole"):
            multigan.load(run, which)
    assert multigan.load(run, "last").kept == "last"
    told = examine(run)
    assert told.evidence[0] == f"{run}/generator-best/{missing} is missing"
    assert told.command.startswith(f"multigan generate {run} --which last ")


@pytest.mark.parametrize("in_its_place", ["an empty folder", "a file"])
def test_where_nothing_is_left_of_the_best_one_no_other_is_taken_in_silence(whole, tmp_path, in_its_place):
    run = shutil.copytree(whole, tmp_path / "run")
    shutil.rmtree(run / "generator-best")
    if in_its_place == "a file":
        (run / "generator-best").write_text("nothing")
    else:
        (run / "generator-best").mkdir()
    with pytest.raises(CheckpointError, match=r"holds no generator: neither.*type --which last, which is whole"):
        multigan.load(run)
    assert multigan.load(run, "last").kept == "last"
    assert examine(run).evidence[0] == f"{run}/generator-best holds no generator"


def test_where_the_best_one_is_damaged_all_that_is_told_to_type_takes_the_last_one(damaged):
    with pytest.raises(CheckpointError, match="type --which last, which is whole, or copy it again"):
        multigan.load(damaged)
    assert multigan.load(damaged, "last").kept == "last"
    told = examine(damaged)
    assert told.command.startswith(f"multigan generate {damaged} --which last ")
    report = write_report(damaged).read_text(encoding="utf-8")
    assert "its checksum is wrong" in report
    assert "There is no generator to draw from" not in report
    verdict = damaged / "verdict.json"
    old = {**json.loads(verdict.read_text()), "command": f"multigan generate {damaged} --n 16"}
    verdict.write_text(json.dumps(old))
    assert f"multigan generate {damaged} --which last" in write_report(damaged).read_text(encoding="utf-8")
    assert "--which last" in _drawing(damaged)
    (damaged / "generator-best" / "config.json").write_text("{")
    assert best_alone_spoilt(damaged)


def test_a_run_that_goes_on_with_a_damaged_best_one_names_the_last(damaged):
    facts = Circumstances(folder=str(damaged), which="last")
    assert prescribe("healthy", "", History([{"samples": 1}]), facts)[0].startswith(
        f"multigan generate {damaged} --which last"
    )
