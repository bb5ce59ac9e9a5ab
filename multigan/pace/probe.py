"""What an iteration costs on this machine: a few are trained, timed and thrown away."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.engine.distributed import World
from multigan.engine.phases import State
from multigan.engine.trainer import Quiet, Trainer
from multigan.games.given import fakes_of
from multigan.terminal.bar import TIMED_FEWEST

__all__ = ["agreed", "fake_seconds", "iteration_seconds"]

WARM_UP = 1
ENDLESS = 2**50


def iteration_seconds(trainer: Trainer, phase: int, seconds: float, clock: Callable[[], float]) -> float:
    """Seconds of an iteration of one phase, the same number on every process.

    The first is not counted: caches are cold, and terms that are computed now and then are all computed in it.

    Args:
        trainer: is used up; its state and weights are no run's.
        phase: number of the phase.
        seconds: how long to try; three iterations at least are timed.
        clock: seconds.

    Raises:
        MultiGANError: what training would raise.
    """
    watch = _Watch(seconds, clock)
    trainer.state, trainer.handlers = State(phase=phase), [watch]
    trainer.phases = tuple(replace(each, samples=ENDLESS) for each in trainer.phases)
    trainer.optimizers = trainer.fresh_optimizers()
    trainer.fit()
    return agreed([watch.mean()], trainer.world)[0]


def fake_seconds(trainer: Trainer, clock: Callable[[], float]) -> float:
    """Seconds that drawing a sample takes, the same number on every process: of the second batch, as caches are cold.

    Args:
        trainer: is used up; its statistics of batches are no run's.
        clock: seconds.

    Raises:
        MultiGANError: what training would raise.
    """
    batch, times = trainer.batches.take("probe", 0), [clock()]
    with torch.no_grad():
        for number in range(2):
            fakes_of(trainer.game, batch, Draw(0, number, "probe/", device=str(trainer.batches.device))).sum().item()
            times.append(clock())
    return agreed([max(times[2] - times[1], 1e-9) / len(batch.real)], trainer.world)[0]


def agreed(numbers: list[float], world: World) -> list[float]:
    """The first process's numbers on all of them."""
    heard: list[float] = json.loads(world.first_words(json.dumps(numbers) if world.is_first else "")[1])
    return heard


class _Watch(Quiet):
    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds, self.clock = seconds, clock
        self.times: list[float] = []
        self._began = clock()

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Note the time, and stop when it is enough."""
        for value in parts.values():
            value.item()  # waits for the device
            break
        self.times.append(self.clock())
        enough = len(self.times) >= WARM_UP + TIMED_FEWEST
        trainer.stopping = enough and self.times[-1] - self._began >= self.seconds

    def mean(self) -> float:
        """Seconds of an iteration."""
        times = self.times[WARM_UP - 1 :]
        return max((times[-1] - times[0]) / (len(times) - 1), 1e-7)
