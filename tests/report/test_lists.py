import math

import pytest

from multigan.report import lists


def test_long_lists_are_counted():
    html = lists.lines([f"line <{n}>" for n in range(100)])
    assert "and 60 more" in html
    assert "line &lt;39&gt;" in html
    assert "line &lt;40&gt;" not in html


def test_durations():
    assert [lists.duration(s) for s in (0.26, 59.6, 119.7, 3600)] == ["0.3 s", "60 s", "2 min 0 s", "1 h 0 min"]


def test_environment_shows_what_is_known():
    html = lists.environment({"torch_version": "2.11"}, 7)
    assert "PyTorch" in html
    assert "<dd>7</dd>" in html
    assert "platform" not in html


def test_times_name_phases():
    assert "phase pretrain" in lists.times({"pretrain": 5.0}, 1.0, None)
    assert "No times" in lists.times({}, 0.0, None)


def test_none_is_left_out():
    assert "gone" not in lists.key_facts({"here": 1, "gone": None})


def test_provenance_names_weights():
    html = lists.provenance_note({"weights_sha256": "f" * 64})
    assert "f" * 16 in html
    assert "trainedAlgorithmicMedia" in html


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, -1, 1e300, 2**63])
def test_a_number_that_no_run_has_is_not_known(number):
    assert lists.duration(number) == "not known"
    assert "not known" in lists.times({}, 0.0, number)


@pytest.mark.parametrize("number", [math.nan, math.inf, 2**63])
def test_of_the_environment_too(number):
    html = lists.environment({"threads": number}, 7)
    assert "<dd>not known</dd>" in html
    assert str(number) not in html
