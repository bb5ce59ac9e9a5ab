"""The tiny game of the engine's tests, and a clock that only moves when it is told to."""

import importlib.util
from pathlib import Path

import pytest

from multigan.engine.trainer import Quiet

spec = importlib.util.spec_from_file_location("tiny_game", Path(__file__).parents[1] / "engine" / "conftest.py")
tiny_game = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny_game)

optim, tiny = tiny_game.optim, tiny_game.tiny


class Clock:
    """Seconds, moved by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Work(Quiet):
    """Moves the clock: what an iteration takes, by the phase and the samples that are done."""

    def __init__(self, clock, seconds):
        self.clock, self.seconds = clock, seconds

    def stepped(self, trainer, parts):
        state = trainer.state
        number = state.phase - (state.phase_step == 0)
        self.clock.now += self.seconds(number, state.step)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def work():
    """`work(clock, seconds)`: a handler for which an iteration takes `seconds(phase, step)`."""
    return Work
