"""Evaluations of a generator that is gone, or beside other data, say nothing of the run as it is."""

import json
import shutil

import pytest

from multigan import train
from multigan.doctor.health import _judged
from multigan.doctor.judged import bygone


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judged") / "ring"
    train("points/ring", run=folder, overrides=["train.samples=1500", "train.vitals=2"], quiet=True)
    return folder


@pytest.fixture
def copied(ring, tmp_path):
    return shutil.copytree(ring, tmp_path / "ring")


def evaluation_of(run, **more):
    config = json.loads((run / "generator" / "config.json").read_text())
    found = {"which": "last", "weights_sha256": config["weights_sha256"], "samples_seen": 4096}
    return {
        "generator": found,
        "scores": [],
        "verdict": [],
        "health": {"name": "still far", "why": ["87% told"]},
        **more,
    }


def test_what_was_evaluated_lies_there_still(ring):
    assert not bygone(ring, evaluation_of(ring))
    assert not bygone(ring, {})


@pytest.mark.parametrize("which", ["last", "best"])
def test_another_generator_lies_there_by_now(copied, which):
    run = copied
    found = evaluation_of(run)
    found["generator"] |= {"which": which, "weights_sha256": "0" * 64}
    said = bygone(run, found)
    assert ("as it was after 4,096 samples" in said) == (which == "last" or (run / "generator-best").is_dir())
    assert said.endswith(f"type multigan evaluate {run}")


def test_other_data_is_not_the_runs(copied):
    run = copied
    assert "other data than the run was trained on" in bygone(run, evaluation_of(run, data_changed=True))


@pytest.mark.parametrize("changed", [False, True])
def test_the_doctor_counts_only_what_is_of_the_run(copied, changed):
    run = copied
    (run / "evaluation.json").write_text(json.dumps(evaluation_of(run, data_changed=changed)))
    assert _judged(run)[1] != changed
