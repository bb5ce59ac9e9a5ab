from pathlib import Path

import pytest

from multigan.core.errors import RunError
from multigan.engine.phases import Phase
from multigan.engine.trainer import Quiet
from multigan.pace.lengthen import further, left_line, lengthened_line, planned

BATCH = 8


class Stop(Quiet):
    def __init__(self, step):
        self.step = step

    def stepped(self, trainer, parts):
        trainer.stopping |= trainer.state.step == self.step


def at(tiny, optim, step):
    phases = [
        Phase("pretrain", ("mle",), 10 * BATCH, optim),
        Phase("adversarial", ("d", "g"), 20 * BATCH, optim, ("g",)),
    ]
    trainer = tiny(batch=BATCH, phases=phases)
    trainer.handlers = [Stop(step)]
    trainer.fit()
    return trainer


@pytest.mark.parametrize(
    ("step", "samples", "lengths"),
    [
        (2, 60 * BATCH, (20 * BATCH, 40 * BATCH)),  # in proportion
        (8, 18 * BATCH, (64, 80)),  # the first phase has had its part
        (15, 60 * BATCH, (10 * BATCH, 50 * BATCH)),
        (30, 60 * BATCH, (10 * BATCH, 50 * BATCH)),  # it had ended
        (15, 20 * BATCH, (10 * BATCH, 10 * BATCH)),  # shorter
    ],
)
def test_what_is_left_goes_to_phases_that_are_not_over(tiny, optim, step, samples, lengths):
    assert further(at(tiny, optim, step), samples, Path("r")) == pytest.approx(lengths, abs=1)


def test_what_is_done_already_cannot_be_asked_for(tiny, optim):
    with pytest.raises(RunError, match=r"--samples 240, and a run has trained 240 samples already.*--samples 480"):
        further(at(tiny, optim, 30), 240, Path("a run"))


def test_the_line_has_more_and_in_all(tiny, optim):
    trainer = at(tiny, optim, 15)
    assert lengthened_line(trainer, None) == "going on from 120 samples: about 120 samples more, 240 in all"
    assert lengthened_line(trainer, 3).startswith("going on for 3 more minutes from 120 samples: about 120")
    assert lengthened_line(trainer, 3, 240).endswith("240 in all")
    assert lengthened_line(trainer, 3, 999).endswith("it had been given 999: go on to those with --samples 999")


def test_how_far_it_is_is_told_in_samples(tiny, optim):
    trainer = at(tiny, optim, 5)
    share = trainer.state.samples / planned(trainer)
    assert f"{trainer.state.samples} of about {planned(trainer)} are done ({share:.0%})" in left_line(trainer, 36.0, 2)
    assert left_line(trainer, 36.0, 2).startswith("36 s of 2 minutes are left; ")
