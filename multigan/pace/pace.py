"""The length of one sitting of a run: chosen before it, kept while it trains, written down."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from multigan.build import build_trainer
from multigan.core.atomic import replace_file
from multigan.core.counted import counted
from multigan.core.errors import MultiGANError, RunError
from multigan.core.shell import typed
from multigan.core.types import Data
from multigan.engine.distributed import World
from multigan.engine.stretching import given_lengths, lengths_of, stretch
from multigan.engine.trainer import Handler, Quiet, Trainer
from multigan.pace.budget import Budget
from multigan.pace.choose import choose, looked_at
from multigan.pace.deadline import Deadline
from multigan.pace.enough import Enough
from multigan.pace.eta import Eta
from multigan.pace.lengthen import further, left_line, lengthened_line, planned
from multigan.pace.probe import agreed, fake_seconds, iteration_seconds
from multigan.pace.record import Record, read_record, write_record
from multigan.recipe import length
from multigan.recipe.recipe import Recipe, dumps, load_recipe

__all__ = ["Pace", "as_begun"]

PROBE_SECONDS = 10.0
PROBE_SHARE = 1 / 12
"""Of the minutes, where that is less."""
MOST_OF_IT = 0.75
"""Of the minutes: where reading took as much, they are not enough to cut a plan short for."""
LOOK_SECONDS = 0.5
"""For each phase of a run without a budget in minutes, so that its length can be told."""


def as_begun(folder: Path, recipe: Recipe) -> Recipe:
    """The recipe under whose fingerprint a run's checkpoints were written: lengths may have been changed since.

    A recipe with lengths that the run never wrote was edited, and stays as it is.

    Raises:
        RunError: `budget.json` is damaged.
    """
    record = read_record(folder)
    known = record is not None and length.lengths_of(recipe) in record.written
    return length.with_lengths(recipe, record.begun) if record is not None and known else recipe


class Pace:
    """How long a run trains in this sitting.

    Args:
        budget: what is asked for.
        folder: the run directory.
        world: the processes.
        say: gets lines for people; None = nobody listens.
    """

    def __init__(self, budget: Budget, folder: Path, world: World, say: Callable[[str], object] | None) -> None:
        self.budget, self.folder, self.world = budget, folder, world
        self.say = say or (lambda line: None)
        self._heard = say is not None
        self.record: Record | None = None
        self._spent_before, self._end, self._costs = 0.0, 0.0, tuple[float, ...]()

    def chosen(self, recipe: Recipe, data: Data) -> Recipe:
        """The recipe of a run that begins; with a budget in minutes, it and `budget.json` are written.

        Raises:
            MultiGANError: what training would raise.
        """
        known = read_record(self.folder)
        recipe = self._shortened(recipe, known)
        minutes = self.budget.minutes or (known.minutes if known and not self.budget else None)
        if minutes is None:
            self._look(recipe, data)
            return recipe
        self._start(60 * minutes)
        left = agreed([60 * minutes - self.budget.elapsed()], self.world)[0]
        each = min(PROBE_SECONDS, PROBE_SHARE * 60 * minutes) / (len(recipe.phases) + 2)
        with _thrown_away(recipe, data, self.world) as trainer:
            seen, last = looked_at(recipe, minutes, fake_seconds(trainer, self.budget.clock)), trainer.phases[-1].told
        found = choose(seen, left, partial(self._cost, data, each), self.budget.free, self.budget.kept, last)
        own, new = length.lengths_of(recipe), length.lengths_of(found.recipe)
        self._costs, line = found.costs, f"--minutes {minutes:g}: {found.line}"
        self.record = Record(new, (own, new), minutes, costs=found.costs, lines=(line,), fixed=found.fixed)
        self._write(found.recipe)
        self.say(line)
        return found.recipe

    def go_on(self, trainer: Trainer, recipe: Recipe, data: Data) -> None:
        """Give a restored trainer the lengths of its budget, or of a new one.

        Raises:
            RunError: the run is longer already, or `budget.json` is damaged.
        """
        own = length.lengths_of(recipe)
        before = self.record = read_record(self.folder) or Record(own, (own,))
        if self.budget.samples is not None:
            lengths = further(trainer, self.budget.samples, self.folder)
            asked = replace(before, samples=self.budget.samples, minutes=None, spent_seconds=0.0)
            self._change(trainer, recipe, asked, lengths)
        elif self.budget.minutes is not None:
            self._for_minutes(self.budget.minutes, before, trainer, recipe, data)
        elif before.minutes is not None:
            self._rest(trainer, before)
        elif before.written[-1] not in (given_lengths(trainer), lengths_of(trainer)):
            # killed before the first checkpoint after it was lengthened
            stretch(trainer, before.written[-1], anew=True)

    def _for_minutes(self, minutes: float, before: Record, trainer: Trainer, recipe: Recipe, data: Data) -> None:
        """Give a restored trainer as much as fits into the minutes, and say what of its plan does not."""
        since, whole = trainer.state.samples, max(planned(trainer), sum(before.written[-1]))
        self.record = replace(before, minutes=minutes, samples=None, spent_seconds=0.0, since_samples=since)
        self._start(60 * minutes)
        self._measure(trainer, recipe, data)
        read = agreed([self.budget.elapsed()], self.world)[0]
        self.deadline(trainer, lambda: 0.0).plan(trainer, anew=True)
        hurried = read > MOST_OF_IT * 60 * minutes and planned(trainer) < whole
        if trainer.finished or hurried:
            drops = f", and {counted(whole - since, 'sample')} of its plan would be dropped" if hurried else ""
            plain = f"type multigan train --resume {typed(self.folder)}"
            raise RunError(
                f"--minutes {minutes:g} were {'nearly ' if hurried else ''}over when everything was read{drops}",
                f"more than {read / 60:.1f}",
                f"{plain} --minutes {max(5, round(4 * read / 60))}" + (f", or {plain[5:]}" if hurried else ""),
            )
        self._change(trainer, recipe, self.record, lengths_of(trainer), whole)

    @property
    def has_deadline(self) -> bool:
        """Whether the run has minutes to keep."""
        return self.record is not None and self.record.minutes is not None

    def handlers(
        self, trainer: Trainer, closing: Callable[[], float], no_use: Callable[[int], str] = lambda since: ""
    ) -> list[Handler]:
        """What keeps the length; to be put last.

        Args:
            trainer: restored, if it goes on.
            closing: how long the end will take, as far as is known.
            no_use: why more time brings nothing, or "", judged by what was measured since so many samples.
        """
        if self.record is not None and self.record.minutes is not None:
            why = partial(no_use, self.record.since_samples)
            return [self.deadline(trainer, closing, Enough(why, self.say, self.folder, self.record.minutes))]
        eta = Eta(self.say, self._costs, self.budget.clock) if self._heard else None
        kept = _Kept(lengths_of(trainer)) if trainer.state.stretch is not None else None
        return [handler for handler in (eta, kept) if handler is not None]

    def deadline(
        self, trainer: Trainer, closing: Callable[[], float], enough: Callable[[], bool] = lambda: False
    ) -> Deadline:
        """The handler that keeps the minutes."""
        fixed = self.record.fixed if self.record is not None else ()
        return Deadline(self._end, trainer_shares(trainer), self._costs, closing, self.budget.clock, enough, fixed)

    def left(self) -> float:
        """Seconds until a budget in minutes ends; without one there is no end."""
        return self._end - self.budget.clock() if self._end else math.inf

    def keep(self, trainer: Trainer) -> None:
        """Write down what is spent by now; the first process, with every checkpoint."""
        if self.record is not None and self.record.minutes is not None and self.world.is_first:
            spent = self._spent_before + self.budget.elapsed()
            self.record = replace(self.record, spent_seconds=min(spent, 60 * self.record.minutes))
            write_record(self.folder, self.record)

    def close(self, trainer: Trainer) -> None:
        """Write down what lengths minutes have come to at their end, and of a run with a phase that ended early."""
        come_to = _come_to(self.record, trainer)
        if come_to is None:
            return
        self.record = come_to
        self._write(load_recipe(str(self.folder / "recipe.toml")))

    def ended_early(self, trainer: Trainer, line: str) -> None:
        """Say that a phase has ended before its length, and keep it: once, also where a kill has it trained again."""
        own = given_lengths(trainer)
        self.record = (self.record or Record(own, (own,))).noted(line)
        self.say(line)
        if self.world.is_first:
            write_record(self.folder, self.record)

    def _start(self, seconds: float, spent: float = 0.0) -> None:
        self._spent_before, self._end = spent, self.budget.began + seconds - spent

    def _rest(self, trainer: Trainer, record: Record) -> None:
        """Go on with what is left of the minutes."""
        anew = 0 < trainer.state.samples <= record.since_samples
        if trainer.finished and not anew:
            self.record = replace(record, minutes=None)  # it has ended, whatever is left
            return
        self._start(60 * (record.minutes or 0.0), record.spent_seconds)
        self._costs = record.costs
        self.deadline(trainer, lambda: 0.0).plan(trainer, anew=anew)
        self.say(left_line(trainer, self.left(), record.minutes or 0.0))

    def _change(
        self, trainer: Trainer, recipe: Recipe, record: Record, lengths: Sequence[int], whole: int | None = None
    ) -> None:
        """Lengthen (or shorten) the run, in its recipe and its record too; `whole` is what it was given before."""
        whole = planned(trainer) if whole is None else whole
        if record.minutes is None:
            stretch(trainer, lengths, anew=True)
        line = lengthened_line(trainer, record.minutes, whole)
        self.record = record.lengthened(lengths_of(trainer), line)
        self._write(recipe)
        self.say(line)

    def _write(self, recipe: Recipe) -> None:
        """`budget.json`, then the recipe with the newest lengths: a kill between the two leaves what can be resumed."""
        if self.world.is_first and self.record is not None:
            write_record(self.folder, self.record)
            replace_file(self.folder / "recipe.toml", dumps(length.with_lengths(recipe, self.record.written[-1])))

    def _shortened(self, recipe: Recipe, known: Record | None) -> Recipe:
        samples, own = self.budget.samples, length.lengths_of(recipe)
        if samples is None or sum(own) == samples:
            return recipe
        lengths = length.dealt(samples, own)
        if known is not None:
            self.record = Record(lengths, (*known.written, lengths), samples=samples)
            self._write(recipe)
        elif self.world.is_first:
            replace_file(self.folder / "recipe.toml", dumps(length.with_lengths(recipe, lengths)))
        return length.with_lengths(recipe, lengths)

    def _look(self, recipe: Recipe, data: Data) -> None:
        """What phases cost that are far away, so that the length of the run can be told at its start."""
        if not self._heard or not recipe.phases:
            return
        with suppress(MultiGANError, RuntimeError):  # training meets it too, with all that can be said of it
            self._costs = tuple(self._cost(data, LOOK_SECONDS, recipe, k) for k in range(len(recipe.phases) + 1))

    def _measure(self, trainer: Trainer, recipe: Recipe, data: Data) -> None:
        first = min(trainer.state.phase, len(trainer.phases) - 1)
        each = min(PROBE_SECONDS, PROBE_SHARE * (self._end - self.budget.began)) / (len(trainer.phases) - first)
        found = [self._cost(data, each, recipe, k) for k in range(first, len(trainer.phases))]
        self._costs = (*[found[0]] * first, *found)
        if self.record is not None:
            self.record = replace(self.record, costs=self._costs)

    def _cost(self, data: Data, seconds: float, recipe: Recipe, phase: int) -> float:
        """Seconds of a sample in a phase, tried on nets that are thrown away."""
        with _thrown_away(recipe, data, self.world) as trainer:
            taken = iteration_seconds(trainer, phase, seconds, self.budget.clock)
            return taken / trainer.phases[phase].step_samples(trainer.batches.batch)


@contextmanager
def _thrown_away(recipe: Recipe, data: Data, world: World) -> Iterator[Trainer]:
    """A trainer to try things with, whose nets are no run's."""
    trainer = build_trainer(recipe, data, world)
    try:
        yield trainer
    finally:
        trainer.batches.close()


def _come_to(record: Record | None, trainer: Trainer) -> Record | None:
    """The record of a run whose lengths are no longer those that it was given, or None.

    Minutes give others as the machine is faster or slower: one that was stopped is as long as was foreseen by then, so
    that who reads its files later (the doctor) counts what is done as it did itself.
    """
    lengths = lengths_of(trainer)
    if record is None:
        return None
    timed = record.minutes is not None
    over = timed and trainer.finished
    if not (over or lengths != given_lengths(trainer) or (timed and lengths != record.written[-1])):
        return None
    return replace(
        record.lengthened(lengths), spent_seconds=60 * (record.minutes or 0.0) if over else record.spent_seconds
    )


def trainer_shares(trainer: Trainer) -> tuple[int, ...]:
    """The lengths that phases began with: these give their proportions."""
    return tuple(phase.samples for phase in trainer.planned)


class _Kept(Quiet):
    """After a rollback to a checkpoint of before, the run is as long as it was made all the same."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths = tuple(lengths)

    def rewound(self, trainer: Trainer) -> None:
        """Lengthen it again."""
        if lengths_of(trainer) != self.lengths:
            stretch(trainer, self.lengths, anew=True)
