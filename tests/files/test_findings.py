import pytest

from multigan.core.errors import DataError
from multigan.files.findings import finding, refuse_hardly_any, shown, too_few


def test_evidence_is_counted_and_cut():
    (found,) = finding("note", "odd", "{n} odd file{s}", map(str, range(1200)), "look")
    assert (found.what, found.count, found.evidence[-1]) == ("1,200 odd files", 1200, "and 1,195 more")
    assert finding("note", "odd", "{n}", [], "") == []


def test_odd_names_are_safe():
    assert shown("a\nb\udcff") == "a\\nb\\xff"


def test_too_few():
    assert [found.severity for n in (5, 50, 100) for found in too_few(n, "lines", 64)] == ["fault", "warning"]


def test_one_item_is_said_in_the_singular():
    assert too_few(1, "samples", 8)[0].what.startswith("only 1 sample:")
    assert too_few(2, "samples", 8)[0].what.startswith("only 2 samples:")


def test_training_refuses_what_the_doctor_calls_a_fault():
    with pytest.raises(DataError, match=r"only 7 samples: too few to train on; expected at least 8"):
        refuse_hardly_any(7)
    refuse_hardly_any(8)
