import os
import signal

import pytest

from multigan.core.signals import tidy_on_signal
from multigan.engine.trainer import Quiet
from multigan.run.interrupt import Interrupt
from multigan.run.saver import Saver


@pytest.fixture(autouse=True)
def _as_at_a_terminal():
    """A shell starts background jobs with SIGINT ignored: these tests are about processes that hear it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Send(Quiet):
    def __init__(self, number):
        self.number = number

    def stepped(self, trainer, parts):
        if trainer.state.step == 4:
            os.kill(os.getpid(), self.number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_finishes_the_iteration_and_saves(tiny, tmp_path, number):
    trainer, interrupt = tiny(), Interrupt()
    before = signal.getsignal(number)
    trainer.handlers = [interrupt, Saver(tmp_path, "f", times=0), Send(number)]
    trainer.fit()
    assert trainer.state.step == 4
    assert interrupt.signal == number
    assert [path.name for path in tmp_path.iterdir()] == ["step-000000004"]
    assert signal.getsignal(number) is before


class Several:
    """As many processes as it takes for a launcher to be at work."""

    size, is_first, rank = 2, True, 0


def test_under_a_launcher_an_echo_of_the_signal_is_ignored_and_a_later_one_is_not(monkeypatch):
    trainer = type("T", (), {"stopping": False, "world": Several()})()
    interrupt = Interrupt()
    interrupt.started(trainer)
    now = [100.0]
    monkeypatch.setattr("multigan.run.interrupt.time.monotonic", lambda: now[0])
    signal.raise_signal(signal.SIGINT)
    assert trainer.stopping
    now[0] += 1
    signal.raise_signal(signal.SIGINT)
    now[0] += 10
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    interrupt.ended(trainer)


def test_a_lone_process_leaves_at_the_second_signal(tiny):
    trainer, interrupt = tiny(), Interrupt()
    interrupt.started(trainer)
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    interrupt.ended(trainer)


def test_a_hang_up_that_is_ignored_stays_ignored(tiny):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        trainer, interrupt = tiny(), Interrupt()
        with tidy_on_signal():
            trainer.handlers = [interrupt, Send(signal.SIGHUP)]
            trainer.fit()
            os.kill(os.getpid(), signal.SIGHUP)
        assert (trainer.finished, interrupt.signal) == (True, None)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("second", [signal.SIGHUP, signal.SIGTERM])
def test_a_terminal_that_closes_may_say_so_twice(tiny, second):
    """The kernel and the shell both send it, and a session that ends sends others beside it."""
    trainer, interrupt = tiny(), Interrupt()
    with tidy_on_signal():
        interrupt.started(trainer)
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(second)
        interrupt.ended(trainer)
        signal.raise_signal(signal.SIGHUP)  # while the run closes
    assert trainer.stopping
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
