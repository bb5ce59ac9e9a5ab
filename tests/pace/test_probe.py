import pytest

from multigan.engine.phases import Phase
from multigan.engine.trainer import Quiet
from multigan.pace import probe
from multigan.pace.probe import fake_seconds, iteration_seconds
from multigan.terminal.bar import TIMED_FEWEST

BATCH = 8


class Moving:
    """A clock by which the first reading after an iteration is so much later."""

    def __init__(self, seconds):
        self.seconds, self.now = list(seconds), 0.0

    def __call__(self):
        now = self.now
        self.now += self.seconds.pop(0) if len(self.seconds) > 1 else self.seconds[0]
        return now


@pytest.mark.parametrize("phase", [0, 1])
def test_the_first_iteration_is_not_counted(tiny, optim, phase):
    phases = [Phase("pretrain", ("mle",), 8, optim), Phase("adversarial", ("d", "g"), 8, optim, ("g",))]
    trainer = tiny(batch=BATCH, phases=phases)
    assert iteration_seconds(trainer, phase, 3.0, Moving([50.0, 1.0, 1.0, 1.0, 1.0])) == pytest.approx(1.0)


def test_enough_iterations_are_timed_and_no_more(tiny):
    class Count(Quiet):
        steps = 0

    trainer = tiny(batch=BATCH)
    iteration_seconds(trainer, 0, 5.0, Moving([1.0]))
    assert trainer.state.step == 5
    slow = tiny(batch=BATCH)
    iteration_seconds(slow, 0, 5.0, Moving([100.0]))
    assert slow.state.step == probe.WARM_UP + TIMED_FEWEST


def test_what_a_sample_takes_to_draw_is_that_of_the_second_batch(tiny):
    trainer = tiny(batch=BATCH)
    assert fake_seconds(trainer, Moving([50.0, 4.0])) == pytest.approx(4 / BATCH)
