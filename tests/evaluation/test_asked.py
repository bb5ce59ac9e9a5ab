"""Whether samples are of the class that was asked for."""

from types import SimpleNamespace

import torch

from multigan.evaluation.asked import asked_rows
from multigan.evaluation.run import evaluate
from multigan.evaluation.sets import Chosen, Sets

ITEMS = torch.arange(40)
REAL = torch.stack([ITEMS.remainder(2) * 10.0, ITEMS / 40], 1)  # two classes, far apart


def subject(**changes):
    generator = SimpleNamespace(conditional=True, spec=SimpleNamespace(classes=("a", "b")))
    given = {"generator": generator, "data": SimpleNamespace(labels=ITEMS.remainder(2)), "other_data": False}
    return SimpleNamespace(**{**given, **changes})


def sets(fakes):
    return Sets(REAL, REAL, REAL, REAL, REAL, REAL[:0], fakes, Chosen(ITEMS, ITEMS, ITEMS, ITEMS[:0], False))


def test_who_obeys_is_told_from_who_does_not():
    (obeys,) = asked_rows(subject(), sets(REAL), "plain")
    assert (obeys.value, obeys.floor, obeys.baseline, obeys.unit) == (1.0, 1.0, 0.5, "%")
    (other,) = asked_rows(subject(), sets(REAL.roll(1, 0)), "plain")
    assert other.value == 0.0
    assert other.high < 0.15


def test_where_nothing_was_asked_for_there_is_no_row():
    assert asked_rows(subject(data=SimpleNamespace(labels=None)), sets(REAL), "plain") == []
    assert asked_rows(subject(other_data=True), sets(REAL), "plain") == []


def test_an_evaluation_of_a_conditional_run_has_the_row(digits, copy_of):
    found = evaluate(copy_of(digits), samples=200, cache=False).score("labels")
    assert found.n_fake == 200
    assert 0.05 < found.baseline < 0.15 < found.floor
    assert found.group == "quality"
