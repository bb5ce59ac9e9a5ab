"""The handler that ends a run in time: it watches the clock and makes what is left of the phases fit."""

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence

from torch import Tensor

from multigan.engine.stretching import is_ending, lengths_of, stretch
from multigan.engine.trainer import Quiet, Trainer

__all__ = ["Deadline", "fitting"]

EVERY_SECONDS = 1.0
MOST_TIMES = 10
"""What one iteration counts as at most, in iterations as expected; a machine that grew that slow is known soon."""
TRUST_SECONDS = 2.0
"""The probe counts as much as so many seconds of training."""
LEAVING_SECONDS, LEAVING_SHARE = 1.0, 0.01
"""Kept for what nobody can time: the process that ends, and a disk that is slow just then."""
MEMORY_SHARE = 1 / 8
"""Of the time from start to end: after so long, a measured cost counts half."""


def fitting(
    left: float,
    done: int,
    phase: int,
    shares: Sequence[int],
    costs: Sequence[float],
    fixed: Collection[int] = (),
) -> tuple[int, ...]:
    """How long phases must be to take so many seconds, in proportion to each other; what is over stays out of it.

    Args:
        left: seconds for what is left of them.
        done: samples of the current phase that are done.
        phase: number of the current phase.
        shares: lengths that give the proportions.
        costs: seconds of a sample in each phase.
        fixed: numbers of phases that are as long as their share says; where they alone take longer, the others get one
            sample, and these are cut to what fits.

    Returns:
        Samples of every phase: `f * share`, with one f for the current phase and all later ones such that they take
        `left` seconds; of earlier ones as given. The current phase is no shorter than what of it is done.
    """
    kept = [number for number in fixed if number >= phase]
    if kept:
        taken = sum(shares[number] * costs[number] for number in kept) - (done * costs[phase] if phase in kept else 0)
        if taken > left:
            cut = [share if number in kept or number < phase else 0 for number, share in enumerate(shares)]
            return _proportional(left, done, phase, cut, costs)
        rest = [0 if number in kept else share for number, share in enumerate(shares)]
        lengths = _proportional(left - taken, 0 if phase in kept else done, phase, rest, costs)
        found = tuple(shares[number] if number in kept else n for number, n in enumerate(lengths))
        return (*shares[:phase], max(found[phase], done), *found[phase + 1 :])
    return _proportional(left, done, phase, shares, costs)


def _proportional(left: float, done: int, phase: int, shares: Sequence[int], costs: Sequence[float]) -> tuple[int, ...]:
    ahead = sum(share * cost for share, cost in zip(shares[phase + 1 :], costs[phase + 1 :], strict=True))
    factor = (left + done * costs[phase]) / max(ahead + shares[phase] * costs[phase], 1e-12)
    if factor * shares[phase] <= done:  # it has had its part: the rest is for the phases after it
        factor = left / ahead if ahead else 0.0
    lengths = [max(1, round(max(factor, 0.0) * share)) for share in shares]
    return (*shares[:phase], max(lengths[phase], done), *lengths[phase + 1 :])


class Deadline(Quiet):
    """Keeps an end in time. Put it last: it counts what other handlers take.

    The first process's clock decides, and all of them change lengths at the same step.

    Args:
        end: when everything should be over, on the clock.
        shares: samples of every phase that give their proportions.
        costs: seconds of a sample in each phase, as measured by a probe.
        closing: seconds that are needed after the last iteration, as far as is known by now.
        clock: seconds.
        enough: whether the last phase had better end now, whatever time is left.
        fixed: numbers of phases whose share is their length.
    """

    def __init__(
        self,
        end: float,
        shares: Sequence[int],
        costs: Sequence[float],
        closing: Callable[[], float],
        clock: Callable[[], float],
        enough: Callable[[], bool] = lambda: False,
        fixed: Collection[int] = (),
    ) -> None:
        self.end, self.shares, self.fixed = end, tuple(shares), tuple(fixed)
        self.probed, self.costs = tuple(costs), list(costs)
        self.closing, self.clock, self.enough = closing, clock, enough
        self._before = self._due_at = clock()
        self._due_step = 0
        self._halflife = 1.0
        self._leaving = LEAVING_SECONDS + LEAVING_SHARE * max(0.0, end - self._before)
        self._phase, self._seconds, self._samples = -1, 0.0, 0.0

    def started(self, trainer: Trainer) -> None:
        """Begin to count."""
        self._before = self.clock()
        self._halflife = max(1.0, MEMORY_SHARE * (self.end - self._before))
        self.plan(trainer)

    def rewound(self, trainer: Trainer) -> None:
        """Plan again from where the run went back to."""
        self._due_step = trainer.state.step

    def stepped(self, trainer: Trainer, parts: Mapping[str, Tensor]) -> None:
        """Count the iteration, and plan again about once a second."""
        now = self.clock()
        self._count(trainer, now)
        late = trainer.world.size == 1 and now >= self._due_at
        if not trainer.finished and (late or trainer.state.step >= self._due_step):
            self.plan(trainer)

    def _count(self, trainer: Trainer, now: float) -> None:
        """What the iteration took, all handlers included; older ones count less and less.

        A look that takes as long as hundreds of iterations is not what the next ones will take: it counts as some.
        """
        state = trainer.state
        phase = max(0, state.phase - (state.phase_step == 0))
        step = trainer.phases[phase].step_samples(trainer.batches.batch)
        if phase != self._phase:
            self._phase, self._seconds, self._samples = phase, TRUST_SECONDS, TRUST_SECONDS / self.costs[phase]
        taken, self._before = now - self._before, now
        taken = min(taken, MOST_TIMES * step * self.costs[phase])
        keep = 0.5 ** (taken / self._halflife)
        self._seconds, self._samples = keep * self._seconds + taken, keep * self._samples + step
        self.costs[phase] = max(self._seconds / self._samples, 1e-12)
        for ahead in range(phase + 1, len(self.costs)):  # slower than the probe by as much as this one
            self.costs[ahead] = self.probed[ahead] * self.costs[phase] / self.probed[phase]

    def plan(self, trainer: Trainer, *, anew: bool = False) -> None:
        """Give phases the lengths that fit now; `anew` lengthens a run, see `stretch`."""
        state, now = trainer.state, self.clock()
        phase = min(state.phase, len(trainer.phases) - 1)
        batch = trainer.batches.batch
        whole = trainer.phase.iterations(batch) * trainer.phase.step_samples(batch)
        done = whole if trainer.finished else state.phase_samples
        left = self.end - now - self.closing() - self._leaving
        lengths = fitting(left, done, phase, self.shares, self.costs, self.fixed)
        lengths = lengths_of(trainer) if is_ending(trainer) else self._no_longer(trainer, phase, lengths)
        if trainer.world.is_first and phase == len(lengths) - 1 and self.enough():
            lengths = (*lengths[:-1], done)
        iteration = self.costs[phase] * trainer.phase.step_samples(batch)
        steps = max(1, int(min(EVERY_SECONDS, max(left, 0.0) / 8) / iteration))
        plan = json.dumps([lengths, steps]) if trainer.world.is_first else ""
        lengths, steps = json.loads(trainer.world.first_words(plan)[1])
        stretch(trainer, lengths, anew=anew)
        self._due_step, self._due_at = trainer.state.step + steps, now + EVERY_SECONDS

    def _no_longer(self, trainer: Trainer, phase: int, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Where a phase was ended early, those after it keep their proportion to what it came to; not set ones."""
        change = trainer.state.stretch
        if change is None or not change.given:
            return lengths
        early = [k for k in range(phase) if trainer.phases[k].samples < change.given[k]]
        ended = [k for k in early if k not in self.fixed]
        most = min((trainer.phases[k].samples / self.shares[k] for k in ended), default=math.inf)
        later = [
            lengths[k] if k in self.fixed else min(lengths[k], most * share) for k, share in enumerate(self.shares)
        ]
        return (*lengths[:phase], *(max(1, int(length)) for length in later[phase:]))
