import time

import pytest

from multigan.core.errors import RecipeError
from multigan.pace.budget import Budget, process_began


def test_a_budget_counts_from_when_it_began(clock):
    budget = Budget(minutes=1, clock=clock)
    clock.now += 7
    assert budget.elapsed() == 7
    assert budget
    assert not Budget()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"minutes": -1},
        {"minutes": float("nan")},
        {"minutes": float("inf")},
        {"samples": 0},
        {"minutes": 1, "samples": 1},
    ],
)
def test_what_is_no_budget_is_refused(wrong):
    with pytest.raises(RecipeError, match="expected"):
        Budget(**wrong)


def test_a_process_began_before_now():
    began = process_began()
    assert began < time.monotonic()
    assert time.monotonic() - began < 24 * 3600
