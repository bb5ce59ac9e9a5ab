"""Outputs that are right to the letter, at the end of a run of pairs."""

import pytest

import multigan
from multigan.doctor import measure
from multigan.doctor.health import examine
from multigan.run.ledger import read_metrics
from tests.tiny_writer import WRITER

SETS = [
    *WRITER,
    "train.report=false",
    "data.n=120",
    "data.vocab=80",
    "train.batch=8",
    "train.vitals=2",
    "train.sheets=0",
]
SETS += ['phases=[{name="fit", turns=["fit"], samples=64}]', "train.samples=48", "data.holdout=24"]


def test_a_run_of_pairs_says_how_many_outputs_are_their_target_and_a_run_of_noise_nothing(tmp_path):
    run = multigan.train("text/reply", run=tmp_path / "run", overrides=SETS, quiet=True).folder
    *before, last = [row for row in read_metrics(run / "metrics.jsonl") if "vitals/items" in row]
    assert not any("vitals/exact_match" in row for row in before)
    assert 0 <= last["vitals/exact_match"] <= 1
    assert last["vitals/exact_items"] == last["vitals/heldout_items"] > 0
    (line,) = [line for line in examine(run).evidence if "their target to the letter" in line]
    assert f"{last['vitals/exact_match']:.0%} of outputs for {last['vitals/exact_items']:.0f} held-out inputs" in line
    sets = ["train.samples=320", "train.vitals=2", "train.report=false"]
    ring = multigan.train("points/ring", run=tmp_path / "ring", overrides=sets, quiet=True).folder
    assert not any("vitals/exact_match" in row for row in read_metrics(ring / "metrics.jsonl"))


@pytest.mark.parametrize("held_out", [24, 0])
def test_the_outputs_that_the_last_vitals_drew_are_counted_and_none_are_drawn_for_it(tmp_path, monkeypatch, held_out):
    drawn = []
    monkeypatch.setattr(measure, "_drawn", lambda *given, own=measure._drawn: drawn.append(given[-1]) or own(*given))
    sets = [*SETS, f"data.holdout={held_out}"]
    run = multigan.train("text/reply", run=tmp_path / "run", overrides=sets, quiet=True).folder
    last = read_metrics(run / "metrics.jsonl")[-1]
    assert last["vitals/exact_items"] == (held_out or 120)
    assert "vitals/judge_accuracy" not in last
    assert drawn == [measure.FAKES] * sum("vitals/items" in row for row in read_metrics(run / "metrics.jsonl"))
