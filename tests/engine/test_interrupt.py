import os
import signal

import pytest

from multigan.engine.events import Quiet
from multigan.engine.interrupt import Interrupt
from multigan.engine.saver import Saver


class Send(Quiet):
    def __init__(self, number):
        self.number = number

    def stepped(self, trainer, parts):
        if trainer.state.step == 4:
            os.kill(os.getpid(), self.number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_finishes_the_iteration_and_saves(tiny, tmp_path, number):
    trainer, interrupt = tiny(), Interrupt()
    before = signal.getsignal(number)
    trainer.handlers = [interrupt, Saver(tmp_path, "f", times=0), Send(number)]
    trainer.fit()
    assert trainer.state.step == 4
    assert interrupt.signal == number
    assert [path.name for path in tmp_path.iterdir()] == ["step-000000004"]
    assert signal.getsignal(number) is before
