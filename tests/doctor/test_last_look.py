"""The judge at the end of a run, on real small ones."""

import json

import pytest

from multigan import training as running
from multigan.doctor.health import examine
from multigan.doctor.last_look import who_looked
from multigan.evaluation.run import evaluate
from multigan.plugins import modalities

SETS = ["train.samples=6400", "data.n=4000", "train.vitals=3", "train.report=false", "G.width=16", "D.width=16"]


def measured(folder):
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [row for row in rows if "vitals/items" in row]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "ring"
    running.train("points/ring", run=folder, overrides=SETS, quiet=True)
    return folder


def test_a_judge_looks_at_the_end_and_only_there(run):
    *before, last = measured(run)
    assert not any("vitals/judge_accuracy" in row for row in before)
    assert 0 <= last["vitals/judge_low"] <= last["vitals/judge_accuracy"] <= last["vitals/judge_high"] <= 1
    assert last["vitals/judge_heldout"] == 1.0
    assert last["vitals/judge_items"] == evaluate(run, samples=500, cache=False).score("judge").n_real
    assert "a fresh judge calls" in " ".join(examine(run).evidence)


def test_the_same_seed_is_judged_the_same(run, tmp_path):
    running.train("points/ring", run=tmp_path / "again", overrides=SETS, quiet=True)
    keys = ("vitals/judge_accuracy", "vitals/coverage", "vitals/precision_floor")
    assert [measured(run)[-1][key] for key in keys] == [measured(tmp_path / "again")[-1][key] for key in keys]


def test_a_run_too_short_for_a_judge_says_that_none_looked(tmp_path):
    running.train("points/ring", run=tmp_path / "short", overrides=[*SETS, "train.samples=640"], quiet=True)
    assert "vitals/judge_accuracy" not in measured(tmp_path / "short")[-1]
    verdict = examine(tmp_path / "short")
    assert verdict.name == "too short to say"
    assert "no fresh judge looked" in " ".join(verdict.evidence)


def test_a_view_that_is_none_costs_the_judge_and_not_the_run(tmp_path, monkeypatch, capsys):
    points = type(modalities.get("points"))
    monkeypatch.setattr(points, "shown_to_judge", lambda self, known, spec: None, raising=False)
    running.train("points/ring", run=tmp_path / "run", overrides=SETS)
    assert "vitals/judge_accuracy" not in measured(tmp_path / "run")[-1]
    assert (tmp_path / "run" / "generator" / "config.json").exists()
    said = capsys.readouterr()
    assert "no judge looked at the fakes: modality 'points': shown_to_judge gives None" in said.out + said.err


def test_a_second_witness_that_fails_leaves_the_net_alone(tmp_path, monkeypatch, capsys):
    points = type(modalities.get("points"))
    monkeypatch.setattr(points, "numbers_for_judge", lambda self, known, spec: lambda x: x / 0, raising=False)
    running.train("points/ring", run=tmp_path / "run", overrides=SETS)
    assert "vitals/judge_accuracy" in measured(tmp_path / "run")[-1]
    said = capsys.readouterr()
    line = "the judge had no second witness: modality 'points': numbers_for_judge makes numbers that are not finite"
    assert line in said.out + said.err
    warnings = evaluate(tmp_path / "run", samples=300, cache=False).warnings
    assert len([one for one in warnings if one.startswith(line)]) == 1


SHORT = [*SETS, "train.samples=2400"]


def test_in_a_run_too_short_for_the_net_numbers_look_alone_and_it_is_said(tmp_path, monkeypatch):
    points = type(modalities.get("points"))
    monkeypatch.setattr(points, "numbers_for_judge", lambda self, known, spec: lambda x: x, raising=False)
    running.train("points/ring", run=tmp_path / "run", overrides=SHORT, quiet=True)
    last = measured(tmp_path / "run")[-1]
    assert last["vitals/judge_fast"] == 1.0
    assert 0 <= last["vitals/judge_low"] <= last["vitals/judge_accuracy"] <= last["vitals/judge_high"] <= 1
    verdict = examine(tmp_path / "run")
    assert verdict.name not in ("healthy", "still improving") or last["vitals/judge_low"] < 0.75
    assert "a fast look: regressions of numbers call" in " ".join(verdict.evidence)
    assert json.loads((tmp_path / "run" / "run.json").read_text())["judge"] == "numbers"
    running.train("points/ring", run=tmp_path / "again", overrides=SHORT, quiet=True)
    assert measured(tmp_path / "again")[-1]["vitals/judge_accuracy"] == last["vitals/judge_accuracy"]


def test_numbers_that_fail_in_a_short_run_leave_nobody(tmp_path, monkeypatch, capsys):
    points = type(modalities.get("points"))
    monkeypatch.setattr(points, "numbers_for_judge", lambda self, known, spec: lambda x: x / 0, raising=False)
    running.train("points/ring", run=tmp_path / "run", overrides=SHORT)
    assert "vitals/judge_accuracy" not in measured(tmp_path / "run")[-1]
    said = capsys.readouterr()
    assert "the judge had no second witness: modality 'points': numbers_for_judge" in said.out + said.err
    assert json.loads((tmp_path / "run" / "run.json").read_text())["judge"] == "nobody"


def test_who_looked(run):
    assert who_looked(measured(run)[-1]) == "net and numbers"
    assert who_looked({}) == "nobody"
