"""What is tried of abilities; the mutants are in `test_kit.py`."""

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
