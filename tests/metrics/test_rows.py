"""Rows of scores."""

from multigan.metrics.rows import About, row


def test_one_function_serves_fakes_floor_and_baseline():
    found = row(About("k", "t", "quality", "lower"), sum, ([1, 2], [3], [4, 5]), "noise")
    assert (found["value"], found["floor"], found["baseline"], found["baseline_note"]) == (3, 3, 9, "noise")
    assert row(About("k", "t", "quality", "lower"), sum, ([1], [2], None), "noise")["baseline"] is None


def test_a_floor_or_baseline_that_is_not_finite_is_none_and_the_value_stays_as_it_is():
    found = row(About("k", "t", "quality", "lower"), float, ("nan", "inf", "-inf"), "noise")
    assert (found["floor"], found["baseline"]) == (None, None)
    assert found["value"] != found["value"]
