"""Rows of scores."""

from multigan.metrics.rows import About, row


def test_one_function_serves_fakes_floor_and_baseline():
    found = row(About("k", "t", "quality", "lower"), sum, ([1, 2], [3], [4, 5]), "noise")
    assert (found["value"], found["floor"], found["baseline"], found["baseline_note"]) == (3, 3, 9, "noise")
    assert row(About("k", "t", "quality", "lower"), sum, ([1], [2], None), "noise")["baseline"] is None
