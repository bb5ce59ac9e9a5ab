"""Scores as plain data."""

import json

import pytest

from multigan.core.errors import RunError
from multigan.evaluation.score import FILE, Evaluation, Score, from_row, spread
from multigan.metrics.intervals import Interval


def test_a_floor_outside_the_interval_is_clear():
    score = Score("k", "t", "quality", 1.0, "lower", low=0.5, high=1.5, floor=0.2)
    assert score.clear
    assert not Score("k", "t", "quality", 1.0, "lower", low=0.5, high=1.5, floor=0.7).clear
    assert not Score("k", "t", "quality", 1.0, "lower", floor=0.7).clear


def test_rows_of_a_modality_become_scores_and_unknown_fields_are_dropped():
    row = {"key": "k", "title": "t", "group": "quality", "value": 1.0, "better": "lower", "shuffled": 3, "n_fake": None}
    score = from_row(row, 10, 20)
    assert (score.n_fake, score.n_real, score.floor) == (10, 20, None)


def test_it_is_written_whole_or_not_at_all(tmp_path):
    score = Score("k", "t", "quality", better="lower", **spread(Interval(1.0, 0.5, 2.0, how="so")))
    found = Evaluation({"run": "r"}, (score,), ("line",), ())
    assert json.loads(found.write(tmp_path).read_text()) == found.to_json()
    assert found.score("k").interval == "so"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    with pytest.raises(RunError, match="cannot write"):
        found.write(tmp_path / "gone")


def test_an_interval_without_width_is_none():
    assert spread(Interval(0.0, 0.0, 0.0, how="95 %")) == {
        "value": 0.0,
        "low": None,
        "high": None,
        "interval": "none: all resamples are the same",
    }
    row = {"key": "k", "title": "t", "group": "quality", "better": "higher", "value": 1.0, "low": 1.0, "high": 1.0}
    assert (from_row(row, 2, 2).low, from_row({**row, "low": 0.5}, 2, 2).low) == (None, 0.5)
