import json
from itertools import pairwise

import pytest
import torch

from multigan.core.errors import CheckpointError
from multigan.engine.checkpoint import restore_latest, save_checkpoint
from multigan.engine.phases import Phase, State, Stretch
from multigan.engine.stretching import end_phase, given_lengths, is_ending, lengths_of, stretch
from multigan.engine.trainer import Quiet

BATCH = 8


class Watch(Quiet):
    """What schedules saw, and lengths that are given at some steps."""

    def __init__(self, changes=()):
        self.changes, self.rates, self.steps = dict(changes), [], []

    def stepped(self, trainer, parts):
        self.steps.append((trainer.state.phase, trainer.state.phase_step))
        if trainer.state.step in self.changes:
            stretch(trainer, self.changes[trainer.state.step])
        self.rates.append(trainer.optimizers["G"].param_groups[0]["lr"])


def two_phases(optim):
    return [Phase("pretrain", ("mle",), 20 * BATCH, optim), Phase("adversarial", ("d", "g"), 20 * BATCH, optim, ("g",))]


@pytest.mark.parametrize("now", [12, 30, 60])
def test_schedules_go_on_without_a_jump_and_end_at_their_end(tiny, now):
    trainer, watch = tiny(batch=BATCH), Watch({10: (now * BATCH,)})
    trainer.handlers = [watch]
    trainer.fit()
    assert len(watch.rates) == now
    assert watch.rates[-1] == pytest.approx(0.25 * 1e-2)
    assert all(later <= before for before, later in pairwise(watch.rates))
    steepest = max(before - later for before, later in pairwise(watch.rates[10:]))
    assert steepest <= 0.75e-2 * 1.6 * 0.5 / (now - 11)  # a cosine's steepest slope, over the half that was left


def test_a_phase_that_is_made_shorter_than_it_is_ends_after_one_more_iteration(tiny):
    trainer, watch = tiny(batch=BATCH), Watch({10: (1,)})
    trainer.handlers = [watch]
    trainer.fit()
    assert len(watch.rates) == 11
    assert watch.rates[-1] == pytest.approx(0.25 * 1e-2)
    assert lengths_of(trainer) == (10 * BATCH + 1,)


def test_what_is_over_stays_and_what_comes_is_as_long_as_asked(tiny, optim):
    trainer, watch = tiny(batch=BATCH, phases=two_phases(optim)), Watch({25: (1, 7 * BATCH)})
    trainer.handlers = [watch]
    trainer.fit()
    assert watch.steps[19] == (1, 0)
    assert len(watch.steps) == 27
    assert watch.rates[-1] == pytest.approx(0.25e-2)


def test_a_later_phase_has_its_whole_schedule(tiny, optim):
    trainer, watch = tiny(batch=BATCH, phases=two_phases(optim)), Watch({10: (15 * BATCH, 9 * BATCH)})
    trainer.handlers = [watch]
    trainer.fit()
    assert [phase for phase, _ in watch.steps].count(0) == 14
    assert watch.rates[15] == pytest.approx(1e-2)
    assert len(watch.rates) == 24


def test_lengths_that_are_the_same_change_no_bit(tiny):
    plain, same = tiny(batch=BATCH), tiny(batch=BATCH)
    same.handlers = [Watch({7: (20 * BATCH,)})]
    plain.fit(), same.fit()
    mine, theirs = plain.ema.net.state_dict(), same.ema.net.state_dict()
    assert all(torch.allclose(mine[name], theirs[name], atol=1e-6) for name in mine)
    assert plain.state.samples == same.state.samples


def test_a_resume_goes_on_with_the_lengths_of_the_checkpoint_bit_for_bit(tiny, optim, tmp_path):
    whole, halted, resumed = (tiny(batch=BATCH, phases=two_phases(optim)) for _ in range(3))
    lengths = {5: (12 * BATCH, 30 * BATCH)}
    whole.handlers = [Watch(lengths)]
    whole.fit()
    halted.handlers = [Watch(lengths), Stopper(18)]
    halted.fit()
    save_checkpoint(halted, tmp_path, "trial")
    restore_latest(resumed, tmp_path, "trial")
    assert resumed.state == halted.state
    resumed.fit()
    assert whole.state == resumed.state
    a, b = whole.ema.net.state_dict(), resumed.ema.net.state_dict()
    assert all(torch.equal(a[name], b[name]) for name in a)


class Stopper(Quiet):
    def __init__(self, step):
        self.step = step

    def stepped(self, trainer, parts):
        trainer.stopping |= trainer.state.step == self.step


def test_a_run_that_has_ended_is_lengthened_as_if_it_had_been_that_long(tiny):
    trainer, watch = tiny(batch=BATCH), Watch()
    trainer.handlers = [watch]
    trainer.fit()
    moments = trainer.optimizers["G"].state_dict()["state"]
    assert moments  # it keeps what its optimizers knew
    stretch(trainer, (40 * BATCH,), anew=True)
    assert (trainer.state.phase, trainer.state.phase_step, trainer.state.phase_samples) == (0, 20, 20 * BATCH)
    trainer.fit()
    assert len(watch.rates) == 40
    twice = Phase("adversarial", ("d", "g"), 40 * BATCH, dict(trainer.phase.optim), ("g",))
    long, seen = tiny(batch=BATCH, phases=[twice]), Watch()
    long.handlers = [seen]
    long.fit()
    assert watch.rates[20:] == seen.rates[20:]


def test_a_run_that_has_ended_stays_ended_where_it_gets_no_longer(tiny):
    trainer = tiny(batch=BATCH)
    trainer.fit()
    stretch(trainer, (20 * BATCH,), anew=True)
    assert trainer.finished
    assert trainer.state.stretch is None


def test_shares_of_the_run_do_not_jump():
    change = Stretch((100, 300), samples=200, share=0.8)
    assert change.share_at(200) == 0.8
    assert change.share_at(400) == 1.0
    assert change.share_at(300) == pytest.approx(0.9)


def test_a_state_without_a_change_is_written_as_ever():
    assert "stretch" not in State().to_json()
    assert State(stretch=Stretch((5,))).to_json()["stretch"]["lengths"] == (5,)


@pytest.mark.parametrize("lengths", [[5, 5], [], [0]])
def test_a_checkpoint_with_lengths_that_fit_no_phases_is_refused(tiny, tmp_path, lengths):
    trainer = tiny(batch=BATCH)
    stretch(trainer, (10 * BATCH,))
    path = save_checkpoint(trainer, tmp_path, "trial") / "state.json"
    plain = json.loads(path.read_text())
    plain["state"]["stretch"]["lengths"] = lengths
    del plain["seal"]
    path.write_text(json.dumps(plain))
    with pytest.raises(CheckpointError):
        restore_latest(tiny(batch=BATCH), tmp_path, "trial")


class Ends(Quiet):
    """Ends the phase of one step."""

    def __init__(self, step):
        self.step, self.was_ending = step, []

    def stepped(self, trainer, parts):
        if trainer.state.step == self.step:
            end_phase(trainer)
        self.was_ending.append(is_ending(trainer))


def test_a_phase_is_ended_and_what_it_was_given_is_known(tiny, optim):
    trainer, ends = tiny(batch=BATCH, phases=two_phases(optim)), Ends(10)
    trainer.handlers = [ends]
    trainer.fit()
    assert [k for k, ending in enumerate(ends.was_ending, 1) if ending] == [10]
    assert trainer.state.step == 11 + 20
    assert lengths_of(trainer) == (10 * BATCH + 1, 20 * BATCH)
    assert given_lengths(trainer) == (20 * BATCH, 20 * BATCH)


def test_what_it_was_given_is_in_checkpoints_until_it_is_given_anew(tiny, optim, tmp_path):
    one, other = (tiny(batch=BATCH, phases=two_phases(optim)) for _ in range(2))
    one.handlers = [Ends(10)]
    one.fit()
    save_checkpoint(one, tmp_path, "f")
    restore_latest(other, tmp_path, "f")
    assert given_lengths(other) == (20 * BATCH, 20 * BATCH)
    stretch(other, (1, 30 * BATCH), anew=True)
    assert given_lengths(other) == lengths_of(other) == (10 * BATCH + 1, 30 * BATCH)


def test_a_checkpoint_that_was_given_lengths_for_other_phases_is_refused(tiny, optim, tmp_path):
    trainer = tiny(batch=BATCH, phases=two_phases(optim))
    trainer.state.stretch = Stretch((20 * BATCH, 20 * BATCH), given=(1, 2, 3))
    save_checkpoint(trainer, tmp_path, "f")
    with pytest.raises(CheckpointError, match="stretch was given 3 lengths"):
        restore_latest(tiny(batch=BATCH, phases=two_phases(optim)), tmp_path, "f")
