import json
import math
from itertools import pairwise

import pytest

from multigan.engine.phases import Phase
from multigan.engine.stretching import end_phase, lengths_of
from multigan.engine.trainer import Quiet
from multigan.pace.deadline import Deadline, fitting

BATCH = 8


class Rates(Quiet):
    def __init__(self):
        self.seen = []

    def stepped(self, trainer, parts):
        self.seen.append(trainer.state.lr_factor and trainer.optimizers["G"].param_groups[0]["lr"])


def ended(tiny, clock, work, phases, seconds, costs, closing=0.0, minutes=1.0):
    """A run under a deadline: the trainer, when it was over, and the rates of G."""
    trainer, rates = tiny(batch=BATCH, phases=phases), Rates()
    shares = [phase.samples for phase in phases]
    deadline = Deadline(clock() + 60 * minutes, shares, costs, lambda: closing, clock)
    trainer.handlers = [rates, work(clock, seconds), deadline]
    trainer.fit()
    return trainer, clock() - 100.0, rates.seen


def game(optim, samples=4000):
    return Phase("adversarial", ("d", "g"), samples, optim, ("g",))


@pytest.mark.parametrize("factor", [0.3, 1.0, 1.5, 4.0])
def test_a_run_ends_in_time_however_wrong_the_probe_was(tiny, clock, work, optim, factor):
    cost = 0.1
    _, took, rates = ended(tiny, clock, work, [game(optim)], lambda phase, step: cost * factor, [cost / BATCH])
    assert took == pytest.approx(60, rel=0.06)
    assert rates[-1] == pytest.approx(0.25e-2)


@pytest.mark.parametrize("slower", [1 / 3, 2, 5])
def test_a_machine_that_changes_its_speed_in_the_middle(tiny, clock, work, optim, slower):
    def seconds(phase, step):
        return 0.1 if step < 300 else 0.1 * slower

    _, took, rates = ended(tiny, clock, work, [game(optim)], seconds, [0.1 / BATCH])
    assert took == pytest.approx(60, rel=0.06)
    assert rates[-1] == pytest.approx(0.25e-2)
    assert all(later <= before for before, later in pairwise(rates))


def test_what_is_needed_at_the_end_is_kept(tiny, clock, work, optim):
    _, took, _ = ended(tiny, clock, work, [game(optim)], lambda phase, step: 0.1, [0.1 / BATCH], closing=12.0)
    assert took == pytest.approx(48, rel=0.06)


def test_measurements_now_and_then_are_counted(tiny, clock, work, optim):
    def seconds(phase, step):
        return 0.1 + (2.0 if step % 50 == 0 else 0.0)

    _, took, _ = ended(tiny, clock, work, [game(optim)], seconds, [0.1 / BATCH])
    assert took == pytest.approx(60, rel=0.07)


@pytest.mark.parametrize("slower", [1, 2, 0.4])
def test_phases_keep_their_proportions(tiny, clock, work, optim, slower):
    phases = [Phase("pretrain", ("mle",), 3000, optim), game(optim, 1500)]

    def seconds(phase, step):
        return slower * (0.05, 0.2)[phase]

    trainer, took, _ = ended(tiny, clock, work, phases, seconds, [0.05 / BATCH, 0.2 / BATCH])
    first, second = lengths_of(trainer)
    assert took == pytest.approx(60, rel=0.06)
    assert first / second == pytest.approx(2, rel=0.1)


def test_a_first_phase_that_ate_the_time_leaves_the_game_what_there_is(tiny, clock, work, optim):
    phases = [Phase("pretrain", ("mle",), 1000, optim), game(optim, 1000)]
    trainer, took, _ = ended(
        tiny, clock, work, phases, lambda phase, step: (0.1, 5.0)[phase], [0.1 / BATCH, 0.1 / BATCH]
    )
    assert trainer.finished
    assert took < 70


def test_when_no_time_is_left_every_phase_has_one_iteration(tiny, clock, work, optim):
    phases = [Phase("pretrain", ("mle",), 1000, optim), game(optim, 1000)]
    trainer, _, rates = ended(tiny, clock, work, phases, lambda phase, step: 100.0, [1.0, 1.0], closing=100.0)
    assert trainer.finished
    assert len(rates) == 2


def test_after_a_rollback_it_plans_again(tiny, clock, work, optim):
    trainer = tiny(batch=BATCH, phases=[game(optim)])
    deadline = Deadline(clock() + 60, [4000], [0.1 / BATCH], lambda: 0.0, clock)
    deadline.started(trainer)
    before = lengths_of(trainer)
    clock.now += 30
    deadline.rewound(trainer)
    deadline.stepped(trainer, {})
    assert lengths_of(trainer)[0] < 0.6 * before[0]


def test_a_game_of_which_there_is_enough_ends_before_its_time(tiny, clock, work, optim):
    """The phase before it does not."""
    phases = [Phase("pretrain", ("mle",), 1000, optim), game(optim, 1000)]
    trainer, rates = tiny(batch=BATCH, phases=phases), Rates()
    shares, costs = [1000, 1000], [0.1 / BATCH, 0.1 / BATCH]
    deadline = Deadline(clock() + 60, shares, costs, lambda: 0.0, clock, lambda: clock() > 110)
    trainer.handlers = [rates, work(clock, lambda phase, step: 0.1), deadline]
    trainer.fit()
    first, second = lengths_of(trainer)
    assert clock() - 100 == pytest.approx(30, abs=2)
    assert second < 0.05 * first


class TwoWorlds:
    """The first process's words on a second one."""

    size, rank, is_first = 2, 1, False

    def __init__(self, words):
        self.words = words

    def first_words(self, words):
        assert words == ""
        return 0, self.words


def test_other_processes_do_as_the_first_says(tiny, clock, optim, monkeypatch):
    trainer = tiny(batch=BATCH, phases=[game(optim)])
    monkeypatch.setattr(trainer.batches, "world", TwoWorlds(json.dumps([[800], 7])))
    deadline = Deadline(clock() + 1e6, [4000], [1.0], lambda: 0.0, clock)
    deadline.plan(trainer)
    assert lengths_of(trainer) == (800,)


def test_lengths_that_fit():
    assert fitting(100, 0, 0, [10, 10], [1, 3]) == (25, 25)
    assert fitting(100, 50, 1, [10, 10], [1, 2]) == (10, 100)
    assert fitting(30, 40, 0, [10, 10], [1, 3]) == (40, 10)
    assert fitting(-5, 40, 0, [10, 10], [1, 3]) == (40, 1)
    total = sum(n * c for n, c in zip(fitting(1000, 0, 0, [700, 300], [0.1, 0.4]), [0.1, 0.4], strict=True))
    assert math.isclose(total, 1000, rel_tol=1e-3)


class Ends(Quiet):
    """Ends the first phase after some steps."""

    def stepped(self, trainer, parts):
        if trainer.state.step == 100:
            end_phase(trainer)


def test_after_a_phase_that_ended_early_the_next_keeps_its_proportion(tiny, clock, work, optim):
    phases = [Phase("pretrain", ("mle",), 3000, optim), game(optim, 1500)]
    trainer = tiny(batch=BATCH, phases=phases)
    deadline = Deadline(clock() + 60, [3000, 1500], [0.05 / BATCH, 0.2 / BATCH], lambda: 0.0, clock)
    trainer.handlers = [work(clock, lambda phase, step: (0.05, 0.2)[phase]), Ends(), deadline]
    trainer.fit()
    first, second = lengths_of(trainer)
    assert first == 100 * BATCH + 1
    assert first / second == pytest.approx(2, rel=0.1)
    assert clock() - 100 < 40


@pytest.mark.parametrize("slower", [1, 2, 0.4])
def test_a_phase_that_is_fixed_stays_as_long_as_it_is(tiny, clock, work, optim, slower):
    phases = [Phase("pretrain", ("mle",), 160, optim), game(optim, 1500)]
    trainer, costs = tiny(batch=BATCH, phases=phases), [0.05 / BATCH, 0.2 / BATCH]
    deadline = Deadline(clock() + 60, [160, 1500], costs, lambda: 0.0, clock, fixed=(0,))
    trainer.handlers = [work(clock, lambda phase, step: slower * (0.05, 0.2)[phase]), deadline]
    trainer.fit()
    assert lengths_of(trainer)[0] == 160
    assert clock() - 100 == pytest.approx(60, rel=0.06)


def test_fixed_phases_leave_the_rest_and_are_cut_where_nothing_is_left():
    shares, costs = (100, 200, 300), (1.0, 1.0, 2.0)
    assert fitting(1000, 0, 0, shares, costs, (0,)) == (100, 225, 338)
    assert fitting(960, 40, 0, shares, costs, (0,)) == (100, 225, 338)
    assert fitting(1000, 0, 0, shares, costs, (1,)) == (114, 200, 343)
    assert fitting(500, 0, 1, shares, costs, (0,)) == fitting(500, 0, 1, shares, costs)
    assert fitting(60, 20, 0, shares, costs, (0,)) == (80, 1, 1)
    assert fitting(60, 20, 1, shares, costs, (0, 2)) == (100, 20, 30)
