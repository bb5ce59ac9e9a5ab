"""A run: a recipe trained in a directory that holds everything about it."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from signal import Signals
from typing import Any

from multigan.build import build_trainer, check
from multigan.core.atomic import replace_file
from multigan.core.errors import DivergedError, PeerError, WriteError
from multigan.core.later import by_later
from multigan.core.signals import tidy_on_signal
from multigan.core.types import Data
from multigan.doctor.classes import settle_classes
from multigan.doctor.health import Clinic
from multigan.doctor.likeliest import Likeliest
from multigan.doctor.likelihood import kept_note
from multigan.doctor.pairs import leaked_lines
from multigan.doctor.unread import unread_files
from multigan.engine.checkpoint import restore_latest
from multigan.engine.distributed import World, check_norms, join_world
from multigan.engine.phases import State
from multigan.engine.precision import precision_lines
from multigan.engine.trainer import Handler, Trainer
from multigan.files.walk import making
from multigan.generator.generator import KEPT, Generator, load
from multigan.identity.record import Record
from multigan.identity.sitting import Sitting, begin, go_on
from multigan.nets.placing import going_on
from multigan.pace.budget import Budget
from multigan.pace.choose import free_keys, set_lengths
from multigan.pace.closing import Closing
from multigan.pace.lost import refuse_lost
from multigan.pace.pace import Pace, as_begun
from multigan.pace.record import budget_lines
from multigan.plugins import modalities
from multigan.plugins.contract import require
from multigan.plugins.sources import shadowed, with_absolute_source
from multigan.recipe.length import dealt, for_longer, length_lines, lengths_of, with_lengths
from multigan.recipe.naming import recipe_name, run_name
from multigan.recipe.recipe import Recipe, dumps, fingerprint, load_recipe
from multigan.recipe.settle import with_data_options
from multigan.run.cadence import Sometimes
from multigan.run.facts import FACTS, facts_anew, write_facts
from multigan.run.folder import LOG, find_run, has_begun, new_run, old_run, stays
from multigan.run.interrupt import Interrupt
from multigan.run.keeper import Keeper
from multigan.run.leaving import leaving
from multigan.run.loggers import open_loggers
from multigan.run.mending import mended
from multigan.run.milestone import PhaseEnd
from multigan.run.programs import with_pinned_program
from multigan.run.progress import ProgressBar
from multigan.run.saver import Saver
from multigan.run.writers import MetricsFile
from multigan.terminal.voice import Voice
from multigan.terminal.waiting import waiting

__all__ = ["Run", "resume", "resume_within", "train", "train_within"]


@dataclass(frozen=True)
class Run:
    """What training leaves behind.

    Attributes:
        folder: the run directory: `recipe.toml`, `data.json`, `metrics.jsonl`, `run.json`, `checkpoints/`, `samples/`,
            `generator/`, `generator-best/`, `verdict.json`, `report.html`; `generator-mle/` where a phase was
            likelihood alone, `generator-fit/` where one was matching terms alone.
        state: where training stands.
        seconds: wall time of this process's training loop.
        signal: what interrupted it, or None when it ended by itself.
        before: samples that were trained before this process went on with the run.
    """

    folder: Path
    state: State
    seconds: float
    signal: Signals | None = None
    before: int = 0

    def __fspath__(self) -> str:
        """The run directory: whatever takes the path of a run takes the run."""
        return str(self.folder)

    @property
    def generator(self) -> Generator:
        """The averaged generator, loaded from the run directory."""
        return load(self.folder)


def train(
    recipe: str | Path | Recipe,
    *,
    run: str | Path | None = None,
    overrides: Sequence[str] = (),
    minutes: float | None = None,
    samples: int | None = None,
    quiet: bool = False,
) -> Run:
    """Train a recipe in a new run directory.

    The first Ctrl-C, SIGTERM or SIGHUP (unless that is ignored) ends the run early, saved. The call returns all the
    same: a script that goes on, for instance with the next of several runs, has to look at `signal` of the result.
    While training begins or closes, and at a second signal, the call raises `Interrupted`, a `KeyboardInterrupt`.

    One process at a time works in a run directory. What cannot be printed (`| head`, a closed terminal) is written to
    `log.txt` there, and training goes on.

    Args:
        recipe: name (`"image/digits"`), TOML file or `Recipe`.
        run: the directory; default `runs/NAME-NUMBER` with the next free number, NAME that of the TOML file or the
            recipe's title.
        overrides: `"table.key=value"` strings that win over the recipe.
        minutes: of wall time that the call may take, all phases, measurements and the report; a probe of some seconds
            chooses how many samples that is. Such a run is not the same again: its length depends on the machine.
        samples: real samples in all; phases keep the proportions that the recipe gives them.
        quiet: print nothing.

    Raises:
        RecipeError, UnknownNameError: something in the recipe is wrong; raised before data is read.
        DataError: the data cannot be used.
        RunError: the run directory holds something, or another process trains in it; nothing in it is touched.
        WriteError: it cannot be written; what stands and what to do is said.
        DivergedError: training produced NaN; the last good checkpoint is in the run directory.

    Example:
        >>> import multigan
        >>> run = multigan.train("points/ring", overrides=["train.samples=2000"])  # doctest: +SKIP
        >>> run.generator.generate(4, seed=0)  # doctest: +SKIP
    """
    return train_within(Budget(minutes, samples), recipe, run=run, overrides=overrides, quiet=quiet)


def train_within(
    budget: Budget,
    recipe: str | Path | Recipe,
    *,
    run: str | Path | None = None,
    overrides: Sequence[str] = (),
    own_files: bool = False,
    quiet: bool = False,
) -> Run:
    """`train` with a budget that began earlier than the call; with `own_files` the run is named after these."""
    loaded = recipe if isinstance(recipe, Recipe) else load_recipe(str(recipe), overrides)
    loaded = with_absolute_source(loaded)
    check(loaded)  # with the lengths of the recipe: cures that name one are for the command as it was typed
    if budget.samples is not None:
        loaded = with_lengths(loaded, dealt(budget.samples, lengths_of(loaded)))
    loaded = with_pinned_program(loaded)
    require(modalities.get(loaded.modality), "train")
    world = join_world()
    free = free_keys(recipe, modalities.get(loaded.modality).recipe_for_files, overrides)
    budget = replace(budget, free=free, kept=set_lengths(overrides))
    name = run_name(loaded, recipe, own_files=own_files)
    with tidy_on_signal(), leaving(world), new_run(run, loaded, world, name) as folder:
        return _fit(loaded, folder, world, begin, budget, quiet=quiet)


def resume(
    run: str | Path,
    *,
    minutes: float | None = None,
    samples: int | None = None,
    data: str | Path | None = None,
    changed_data: bool = False,
    quiet: bool = False,
) -> Run:
    """Go on with an interrupted run from its last whole checkpoint, exactly as if it had not stopped.

    One that was killed before its first checkpoint begins again from the start, which is the same. One with a budget in
    minutes goes on with what is left of it.

    With `minutes` or `samples` a run that was stopped or has ended gets another length. Schedules are from there on
    those of a run of that length, entered where it stands: a cosine that had ended is warmed again, the more the longer
    the run gets.

    The data must be what the run was trained on: `data.json` of the run knows every file by its content. Where it lies
    does not matter.

    Args:
        run: the run directory.
        minutes: of wall time from now on.
        samples: real samples in all, those that are done included.
        data: where the data is now, if it was moved.
        changed_data: go on though files were added, removed or changed. The run keeps a record of it, and no longer
            claims that what is held out was never trained on. Other classes or another vocabulary are refused even so:
            what G has learnt would mean something else.
        quiet: print nothing.

    Raises:
        RunError: it is no run directory, another process trains in it, or it has trained `samples` already.
        DataError: the data is gone, cannot be used, or is other data; the message says what differs.
        WriteError: it cannot be written; what stands and what to do is said.
        CheckpointError: it holds no checkpoint that can be used.
    """
    return resume_within(Budget(minutes, samples), run, data=data, changed_data=changed_data, quiet=quiet)


def resume_within(
    budget: Budget,
    run: str | Path,
    *,
    data: str | Path | None = None,
    changed_data: bool = False,
    quiet: bool = False,
) -> Run:
    """`resume` with a budget that began earlier than the call."""
    folder, loaded = find_run(run)
    loaded = as_begun(folder, loaded)
    with by_later(folder / FACTS):
        check(loaded)
    require(modalities.get(loaded.modality), "resume")
    world = join_world()
    read = partial(go_on, folder=folder, place=data, changed_data=changed_data)
    with tidy_on_signal(), leaving(world), old_run(folder, world):
        refuse_lost(folder, loaded)
        return _fit(loaded, folder, world, read, budget, resuming=has_begun(folder), quiet=quiet)


def _fit(
    recipe: Recipe,
    folder: Path,
    world: World,
    read: Callable[..., Sitting],
    budget: Budget,
    *,
    resuming: bool = False,
    quiet: bool,
) -> Run:
    say = Voice(folder / LOG, quiet=quiet or not world.is_first)
    with making(folder), waiting("reading the data", quiet=say.console.quiet):
        sitting = read(recipe, world=world)
    data = sitting.data
    recipe, classes = _settled(recipe, data, folder, world)
    pace = Pace(budget, folder, world, None if say.console.quiet else say)
    if not resuming:
        recipe = pace.chosen(recipe, data)
    with going_on(resuming):
        trainer = build_trainer(recipe, data, world)
    said = [
        *sitting.told(trainer.batches.split),
        *leaked_lines(data, trainer.batches.split.held_out, recipe.train.seed),
    ]
    said += precision_lines(trainer.batches.device, trainer.dtype)
    for line in (*shadowed(recipe), *data.report, *classes, *said, *_lengths(recipe, trainer, resuming)):
        say(line)
    if notice := check_norms(trainer.game.players.values(), world, trainer.batches.local_batch):
        say(notice)
    if resuming:
        for line in unread_files(folder):
            say(line)
        with by_later(folder / FACTS):
            checkpoint, complaints = restore_latest(trainer, folder / "checkpoints", fingerprint(recipe))
        for line in complaints:
            say(f"skipped: {line}")
        say(f"resuming from {checkpoint.name}")
        with going_on():
            pace.go_on(trainer, recipe, data)
    record = sitting.keep(folder, trainer)
    if resuming and trainer.finished and (folder / FACTS).is_file() and (folder / KEPT["last"]).is_dir():
        done = Run(folder, trainer.state, 0.0, before=trainer.state.samples)
        anew = world.is_first and mended(trainer, Keeper(recipe, folder, data), checkpoint.name, say)
        anew |= world.is_first and facts_anew(folder, _facts(done, recipe, data, record), say)
        say(f"it is finished already: nothing is trained{'' if anew else ', and nothing in it is touched'}")
        say(f"for longer: {for_longer(str(folder), trainer.state.samples)}")
        trainer.batches.close()
        return done
    return _train(recipe, folder, data, trainer, pace, say, record)


def _train(recipe: Recipe, folder: Path, data: Data, trainer: Trainer, pace: Pace, say: Voice, record: Record) -> Run:
    """Train a trainer that is ready, with all that listens to it."""
    world, keeper = trainer.world, Keeper(recipe, folder, data)
    interrupt, bar = Interrupt(), ProgressBar(say.console, pace.left)
    closing = Closing(pace.budget.clock)
    clinic = Clinic(recipe, folder, trainer, data.spec, closing.timed("best", keeper.best_folder), say)
    health = clinic.handlers(_metrics_file(recipe, folder, clinic, say))
    closing.others.append(clinic.vitals.last_seconds)
    clinic.vitals.left = pace.left
    end = _End(pace, closing, keeper, partial(_report, folder, recipe, data))
    last = pace.handlers(trainer, closing, clinic.no_use)
    patience = {phase.name: phase.patience for phase in recipe.phases if phase.patience}
    likeliest = Likeliest(patience, folder, clinic.ledger, clinic.vitals, say, pace.ended_early)
    trainer.handlers = [*health, likeliest, *end.writers(recipe, folder), bar, interrupt, *last]
    began, before = time.perf_counter(), trainer.state.samples
    try:
        trainer.fit()
    except Exception as error:
        interrupt.broken = world.size > 1
        if world.is_first and stays(folder, error) and not isinstance(error, WriteError):
            clinic.say_the_verdict()
            _report(folder, recipe, data, say, f"{type(error).__name__}: {error}")
        if isinstance(error, DivergedError) and error.everywhere:
            with suppress(PeerError):
                world.barrier()  # a launcher ends all as soon as one has left
        raise
    finally:
        bar.ended(trainer)
        interrupt.ended(trainer)
        trainer.batches.close()
    result = Run(folder, trainer.state, time.perf_counter() - began, interrupt.signal, before)
    pace.close(trainer)
    if world.is_first:
        clinic.say_the_verdict()
        keeper.sheet(trainer)
        judged = {"extractor": clinic.sight.facts, "judge": clinic.who_looked()}
        write_facts(folder, {**_facts(result, recipe, data, record), **judged})
        clinic.say([line for line in (clinic.best.summary(), kept_note(folder, "best")) if line])
        _report(folder, recipe, data, say)
    world.barrier()  # nobody hangs up while another still talks
    return result


def _lengths(recipe: Recipe, trainer: Trainer, resuming: bool) -> list[str]:
    """How long each phase is, as far as that can be chosen yet, and which are shorter than one iteration."""
    short = [line for phase in trainer.phases if (line := phase.short(trainer.batches.batch))]
    return short if resuming else [*length_lines(recipe), *short]


def _settled(recipe: Recipe, data: Data, folder: Path, world: World) -> tuple[Recipe, tuple[str, ...]]:
    """The recipe with what only the data can decide, in the run directory too, and lines for people."""
    settled, lines = settle_classes(with_data_options(recipe, data.settled), data)
    if settled != recipe and world.is_first:
        replace_file(folder / "recipe.toml", dumps(settled))
    return settled, lines


def _report(folder: Path, recipe: Recipe, data: Data, say: Callable[[str], object], end: str = "") -> None:
    """Write the report; whatever goes wrong with it is said and ends nothing."""
    if not recipe.train.report:
        return
    try:
        from multigan.report.write import write_report

        say(f"report: {write_report(folder, data=data, end=end)}")
    except Exception as error:
        say(f"no report was written: {type(error).__name__}: {error}")


def _metrics_file(recipe: Recipe, folder: Path, clinic: Clinic, say: Callable[[str], object]) -> MetricsFile:
    names = [*(["tensorboard"] if recipe.train.tensorboard else []), *recipe.train.loggers]
    return MetricsFile(clinic.ledger, also=open_loggers(names, folder, say), vitals=clinic.vitals)


class _End:
    """The handlers that write; how long each takes is known when it comes to the end of the run."""

    def __init__(
        self, pace: Pace, closing: Closing, keeper: Keeper, report: Callable[[Callable[[str], object]], None]
    ) -> None:
        self.pace, self.closing, self.keeper = pace, closing, keeper
        self.sheet, self.report = closing.timed("sheet", keeper.sheet), closing.timed("report", report)
        self.generator = closing.timed("generator", keeper.generator_folder)

    def writers(self, recipe: Recipe, folder: Path) -> list[Handler]:
        """Sheets, the generator of maximum likelihood, checkpoints."""
        saver = Saver(folder / "checkpoints", fingerprint(recipe), recipe.train.checkpoints, also=self._saved)
        self.closing.others.append(lambda: saver.seconds)
        return [
            Sometimes(recipe.train.sheets, self.sheet, at_start=True),
            PhaseEnd(lambda phase: set(phase.turns) == {"mle"}, self.keeper.mle_folder),
            PhaseEnd(lambda phase: set(phase.turns) == {"fit"}, self.keeper.fit_folder),
            saver,
        ]

    def _saved(self, trainer: Trainer) -> None:
        """What is as fresh as a checkpoint; the first report of a run with a deadline tells how long its last takes."""
        self.generator(trainer)
        on_the_way = not trainer.finished and not trainer.stopping
        if self.pace.has_deadline and on_the_way and not self.closing.knows("report"):
            self.report(lambda line: None)
        self.pace.keep(trainer)


def _facts(run: Run, recipe: Recipe, data: Data, record: Record) -> dict[str, Any]:
    return {
        "recipe": recipe_name(recipe),
        "state": run.state.to_json(),
        "seconds": round(run.seconds, 2),
        "interrupted_by": run.signal.name if run.signal else None,
        "counts": {"items": record.identity.items},
        "data": list(data.report),
        "data_changes": [change.line() for change in record.changes],
        "budget": budget_lines(run.folder),
    }
