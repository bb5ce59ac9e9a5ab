import pytest

from multigan.engine.phases import Phase, State


def test_only_turns_that_see_new_reals_count():
    assert Phase("a", ("d", "d", "g"), 100, {}, ("g",)).step_samples(10) == 20
    assert Phase("a", ("mle",), 100, {}).step_samples(10) == 10
    assert Phase("a", ("g",), 100, {}, ("g",)).step_samples(10) == 10


@pytest.mark.parametrize(("samples", "iterations"), [(1, 1), (20, 1), (21, 2), (100, 5)])
def test_the_budget_is_spent_whole(samples, iterations):
    assert Phase("a", ("d", "d", "g"), samples, {}, ("g",)).iterations(10) == iterations


def test_progress_runs_from_exactly_zero_to_exactly_one():
    phase, state = Phase("a", ("d", "g"), 100, {}, ("g",)), State()
    seen = []
    last = False
    while not last:
        seen.append(state.progress(phase, 10))
        last = state.advance(phase, 10)
    assert seen[0] == 0
    assert seen[-1] == 1
    assert len(seen) == 10


def test_a_budget_below_one_iteration_is_one_iteration_and_says_so():
    phase = Phase("adversarial", ("d", "d", "g"), 10, {}, uncounted=("g",))
    assert phase.iterations(32) == 1
    assert phase.short(32) == "adversarial: 10 samples are less than one iteration, so one of 64 is trained"
    assert phase.short(5) == ""


def test_a_phase_in_which_nobody_is_an_adversary_is_called_by_what_it_does():
    assert Phase("adversarial", ("d", "g"), 10, {}).told == "adversarial"
    alone = Phase("adversarial", ("fit",), 10, {})
    assert alone.told == "fit"
    assert alone.short(32).startswith("fit: 10 samples")
