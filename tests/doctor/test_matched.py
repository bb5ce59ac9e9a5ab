"""Outputs that are right to the letter, at the end of a run of pairs."""

import multigan
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
