"""What is tried of abilities; the mutants are in `test_kit.py`."""

import pytest

from multigan.testing.case import Case
from multigan.testing.kit import run_check
from multigan.testing.on_abilities import TRIALS


def test_what_is_not_offered_is_skipped_and_what_is_lives(tiny):
    bare = Case(type("Bare", (tiny,), {"inspect": None})())
    result = run_check("offers", bare)
    bare.close()
    assert result.state == "skipped"
    assert all(name in result.message for name in TRIALS)
    case = Case(tiny())
    assert [name for name, trial in TRIALS.items() if trial(case)] == ["inspect"]
    case.close()


MEASURES = {
    "no function": (lambda self, trained, unseen, spec: None, "gauge gives None; expected a function measure"),
    "no numbers": (lambda self, trained, unseen, spec: lambda G, fake: [1], "its measure gives list"),
    "no number": (lambda self, trained, unseen, spec: lambda G, fake: {"a": "b"}, "its measure gives 'a' as str"),
    "not finite": (lambda self, trained, unseen, spec: lambda G, fake: {"a": fake.sum() / 0 * 0}, "gives a = nan"),
    "raises": (lambda self, trained, unseen, spec: lambda G, fake: 1 / 0, "fails in what gauge gives: ZeroDivisionE"),
}


@pytest.mark.parametrize("name", MEASURES)
def test_vitals_that_training_would_refuse_are_refused(tiny, name):
    gauge, said = MEASURES[name]
    case = Case(type("Odd", (tiny,), {"gauge": gauge})())
    result = run_check("offers", case)
    case.close()
    assert result.state == "failed"
    assert said in result.message


@pytest.mark.parametrize(("view", "said"), [(None, "shown_to_judge gives None"), (lambda x: x[:1], "(1, 4)")])
def test_views_of_a_judge_that_training_would_refuse_are_refused(tiny, view, said):
    case = Case(type("Odd", (tiny,), {"shown_to_judge": lambda self, known, spec: view})())
    result = run_check("offers", case)
    case.close()
    assert result.state == "failed"
    assert said in result.message
