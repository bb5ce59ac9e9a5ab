"""`refine`: freeze the generator, let a critic learn it, find out what its logits are worth, and keep it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import prod
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from multigan.core.atomic import replace_folder
from multigan.core.draw import Draw
from multigan.core.errors import DataError, RecipeError, UnknownNameError, UnsupportedError, did_you_mean
from multigan.core.generators import draw_fakes
from multigan.core.join import Join
from multigan.core.shell import typed
from multigan.core.signals import tidy_on_signal
from multigan.core.types import Tempered, able
from multigan.core.version import __version__
from multigan.engine.batches import Batches
from multigan.engine.optimizers import OptimSettings
from multigan.engine.phases import Phase
from multigan.engine.precision import choose_device, choose_precision
from multigan.engine.trainer import Trainer
from multigan.files.findings import Tick
from multigan.generator.critic import REFINED, Known, Made, write_critic
from multigan.generator.generator import Generator, load
from multigan.generator.ranking import judged_spec
from multigan.identity.opened import Opened, open_data
from multigan.metrics.calibration import expected_error, fit_logistic, log_loss, reliability
from multigan.metrics.kmeans import assign, kmeans
from multigan.metrics.strata import merged
from multigan.pace.budget import MOST_MINUTES
from multigan.plugins.abilities import Weighs
from multigan.plugins.contract import require
from multigan.recipe.recipe import Recipe
from multigan.refinement.game import CriticGame
from multigan.refinement.learning import SPENT, TIME_UP, Learning, Side, logits_on
from multigan.refinement.parts import FEWEST_TO_LEARN, Parts, parts_of
from multigan.refinement.start import STARTS, Start, other_starts, start_of
from multigan.run.folder import find_run
from multigan.run.lock import RunLock

__all__ = ["STARTS", "Start", "refine"]

Say = Callable[[str], object]
Reals = Literal["trained", "held-out"]
REALS = ("trained", "held-out")
FAKES = {1: 65_536, 3: 16_384}
"""Samples by which the ceiling and the factors of cells are found, by the number of axes of a sample; else `FEW`."""
FEW = 4096
CELLS = {1: 32, 3: 16}
"""Coarse cells of vectors and pictures; of texts and sounds, whose distances in D's space mean little, one."""
CELL_REALS = 20_000
FEWEST_IN_CELL = 50
SIDE_BYTES = 2**26
"""Of samples that are kept in memory to look at again and again."""
ANSWERED = 256
"""Inputs of which samples are made at once."""
USEFUL = 0.003
"""Nats of logistic loss below log 2: a critic that gains less knows nothing of unseen reals."""


@dataclass(frozen=True)
class _Wish:
    which: str | None
    start: Start
    samples: int | None
    minutes: float | None
    deadline: float | None
    lr: float | None
    seed: int
    reals: Reals


@dataclass(frozen=True)
class _Work:
    """A run that is opened, its parts, and what was learnt."""

    generator: Generator
    recipe: Recipe
    opened: Opened
    batches: Batches
    parts: Parts
    wish: _Wish

    @property
    def join(self) -> Join | None:
        """What the critic sees of samples and their inputs, where there are some."""
        source = self.generator.input_spec
        return None if source is None else Join(self.generator.spec, source)


def refine(  # noqa: PLR0913  (what a person may choose)
    run: str | Path,
    *,
    which: str | None = None,
    start: Start = "auto",
    samples: int | None = None,
    minutes: float | None = None,
    lr: float | None = None,
    seed: int = 0,
    data: str | Path | None = None,
    reals: Reals = "trained",
    say: Say = lambda line: None,
    tick: Tick = lambda done, total: None,
) -> Made:
    """Train a critic against a run's frozen generator, calibrate it, and write `RUN/refined`.

    The critic learns from trained reals and fresh fakes. A quarter of the held-out reals says when it has learnt
    enough, another quarter what its logits are worth, and half of them takes no part: `evaluate` judges by those. A
    generator that knows its trained items by heart makes these look like its own, and what the critic learns of them
    holds for no others; then it learns from held-out ones instead, three tenths of all. A call that is interrupted or
    killed leaves the run as it was.

    Args:
        run: the run directory.
        which: `"best"`, `"last"`, `"mle"` or `"fit"` generator; None = the best where the run kept one, else the last.
        start: the critic is the recipe's D with its `"last"` weights or `"fresh"` ones, or a `"judge"`, a small net of
            its own; of texts it may be a head on the generator's own states, `"insight"`; `"auto"` = a judge for
            vectors, else the last weights where they are kept, else fresh ones.
        samples: reals to learn from; None = as many as the run's adversarial phase saw.
        minutes: of wall time for learning, at most.
        lr: learning rate; None = 1e-4 for D's last weights, 1e-3 for new ones, 2e-3 for vectors.
        seed: of new weights, the order of reals, fakes and noise.
        data: where the data is now, if it was moved.
        reals: what the critic learns from: `"trained"` items, or `"held-out"` ones that the generator never saw.
        say: gets a line before each stage.
        tick: `tick(done, total)` while the critic learns.

    Raises:
        RunError: no run directory, or another process works in it.
        CheckpointError: it holds no generator.
        DataError: the data is gone or other data, too few items are held out, or the critic learnt nothing.
        UnknownNameError: `which` or `start` does not exist.

    Example:
        >>> import multigan
        >>> multigan.refine("runs/grid-1").log_loss["calibrated"]  # doctest: +SKIP
        >>> multigan.load("runs/grid-1", refined=True).generate(16)  # doctest: +SKIP
    """
    began = time.monotonic()
    if start not in STARTS:
        raise UnknownNameError(f"there is no start '{start}'", "", did_you_mean(start, STARTS))
    if reals not in REALS:
        raise UnknownNameError(f"there are no '{reals}' reals", "", did_you_mean(reals, REALS))
    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise RecipeError(f"--minutes {minutes:g}", "more than 0, at most a year", "type --minutes 5")
    if samples is not None and samples < 1:
        raise RecipeError(f"--samples {samples}", "1 or more", "type --samples 100000")
    deadline = None if minutes is None else began + 60 * minutes
    wish = _Wish(which, start, samples, minutes, deadline, lr, seed, reals)
    folder, recipe = find_run(run)
    again = f"multigan refine {typed(run)}"
    with tidy_on_signal():
        lock = RunLock.take(folder, again)
        try:
            work = _opened(folder, recipe, data, wish, say)
            return _refined(folder, work, began, say, tick)
        finally:
            lock.release()


def _opened(folder: Path, recipe: Recipe, data: str | Path | None, wish: _Wish, say: Say) -> _Work:
    say("reading the run and its data")
    generator = load(folder, wish.which)
    require(generator.modality, "evaluate")
    _made_ready(generator, recipe, folder)
    opened = open_data(folder, recipe, data, "refine")
    if not opened.as_trained:
        raise DataError(opened.warnings[0], "the data of the run", "give it with --data PATH")
    items = len(opened.data.items)
    parts = parts_of(opened.split.held_out, recipe.train.seed, learn=wish.reals == "held-out", items=items)
    learnt = replace(opened.split, train=parts.learn.sort().values) if len(parts.learn) else opened.split
    device = choose_device(recipe.train.device)
    generator.net.to(device)
    batches = Batches(
        opened.data,
        generator.modality,
        batch=max(256 if len(generator.spec.shape) == 1 else 64, recipe.train.batch),
        seed=wish.seed,
        device=device,
        conditional=generator.conditional,
        split=learnt,
    )
    return _Work(generator, opened.recipe, opened, batches, parts, wish)


def _made_ready(generator: Generator, recipe: Recipe, folder: Path) -> None:
    """A generator that is given inputs draws exactly, as candidates are drawn; what cannot be refined is refused."""
    if generator.input_spec is None:
        return
    if recipe.input is None or recipe.unpaired:
        given = "refine of a generator that was trained without pairs"
        raise UnsupportedError(given, "pairs, by which a critic sees what belongs together", "evaluate it as it is")
    if not able(generator.modality, Weighs) or not isinstance(generator.net, Tempered):
        given = "refine of a generator that is given an input and draws nothing"
        raise UnsupportedError(given, "one of text from text", f"type multigan apply {typed(folder)} FILES")
    generator.net.temperature = 1.0


def _refined(folder: Path, work: _Work, began: float, say: Say, tick: Tick) -> Made:
    generator, batches, wish = work.generator, work.batches, work.wish
    begun = start_of(folder, work.recipe, generator, wish.start, wish.seed)
    net = begun.net.to(batches.device)
    say(f"the critic, from {begun.words}, learns the {generator.kept or 'only'} generator")
    most = max(256, SIDE_BYTES // (4 * max(1, work.opened.data.items.take(torch.arange(1), Draw(0)).numel())))
    real = _reals(work, work.parts.stop[:most])
    learning = Learning(real, _fakes(work, len(real[0]), "stop"), wish.deadline, tick)
    trainer = _trainer(work, net, learning, begun.rate)
    try:
        trainer.fit()
    finally:
        batches.close()
    net.load_state_dict(learning.best)
    net.eval()
    say("calibrating on reals that it never saw")
    facts, known = _calibrated(work, net, _advice(work, learning, trainer.state.samples, begun.start))
    stopped = {"steps": trainer.state.step, "samples": trainer.state.samples, "batch": batches.batch}
    said = {"start": begun.words, "ended": learning.why, "history": learning.history, "net": begun.of.model_dump()}
    made = {**_frame(work), **stopped, **said, **facts, "seconds": round(time.monotonic() - began, 3)}
    kept: list[Made] = []
    replace_folder(folder / REFINED, lambda into: kept.append(write_critic(into, net, known, made)))
    return kept[-1]


def _trainer(work: _Work, net: torch.nn.Module, learning: Learning, rate: float) -> Trainer:
    batches, recipe = work.batches, work.recipe
    rate = rate if work.wish.lr is None else work.wish.lr
    settings = OptimSettings(
        name="adamw", lr=rate, betas=(0.9, 0.99), weight_decay=0.01, schedule="cosine",
        final_lr_fraction=0.05, clip_norm=5.0,
    )  # fmt: skip
    samples = work.wish.samples or recipe.train.samples
    game = CriticGame(work.generator.net, net, work.join)
    phase = Phase("refine", ("refine",), samples, {"critic": settings})
    return Trainer(
        game,
        batches,
        [phase],
        ema_halflife_samples=samples / 50,
        handlers=[learning],
        dtype=_precision(recipe, batches.device),
    )


def _precision(recipe: Recipe, device: torch.device) -> torch.dtype:
    """The recipe's; `fast` is what its own nets were shown to bear, and a critic has not been."""
    name = recipe.train.precision
    return choose_precision("auto" if name == "fast" else name, device)


def _advice(work: _Work, learning: Learning, done: int, start: Start) -> str:
    """What may help a critic that learnt nothing: more of what it ran out of, or another beginning."""
    wish, fix = work.wish, list[str]()
    if learning.why == TIME_UP and wish.minutes is not None:
        fix.append(f"--minutes {2 * wish.minutes:g}")
    elif learning.why == SPENT:
        fix.append(f"--samples {2 * done}")
    fix += [f"--start {one}" for one in other_starts(work.generator, start)]
    if wish.reals == "trained" and sum(work.parts.sizes().values()) >= FEWEST_TO_LEARN:
        fix.append("--reals held-out")
    return f"type {' or '.join(fix) or '--lr 1e-3'}; nothing was written"


def _calibrated(work: _Work, net: torch.nn.Module, fix: str) -> tuple[dict[str, Any], Known]:
    """What the frame says of calibration, and what is known of the fakes that it was found by."""
    draw = Draw(work.wish.seed, 0, "refine/")
    real = torch.cat([logits_on(net, _reals(work, one), draw.child("real")) for one in work.parts.calibrate.split(256)])
    known = _known(work, net, draw)
    half = min(len(known.logits) // 2, FEW)
    fit, test = known.logits[:half], known.logits[half : 2 * half]
    line = fit_logistic(real, fit)
    before, after = log_loss(real, test), log_loss(line(real), line(test))
    if line.scale <= 0 or after > math.log(2) - USEFUL:
        given = f"the critic tells unseen reals from fakes no better than by chance (loss {after:.4f}, chance .6931)"
        nothing = "where evaluate hardly tells fakes apart either, there is nothing to refine"
        raise DataError(given, f"one that knows what fakes lack; {nothing}", fix)
    curves = {"raw": reliability(real, test), "calibrated": reliability(line(real), line(test))}
    facts = {
        "scale": line.scale,
        "bias": line.bias,
        "split": work.parts.sizes(),
        "fakes": {"calibrate": half, "ceiling": len(known.logits)},
        "cells": len(known.shares),
        "log_loss": {"raw": before, "calibrated": after},
        "curve": [{name: float(value) for name, value in one._asdict().items()} for one in curves["calibrated"]],
        "calibration_error": {name: expected_error(curve) for name, curve in curves.items()},
    }
    return facts, known


def _known(work: _Work, net: torch.nn.Module, draw: Draw) -> Known:
    """Logits and cells of fakes; cells and their shares are those of trained reals, of which there are most."""
    axes = len(work.generator.spec.shape)
    numbers = prod(judged_spec(work.generator.spec, work.generator.input_spec).shape)
    items = work.opened.split.train[torch.randperm(len(work.opened.split.train), generator=draw.generator("cells"))]
    reals = (
        torch.cat([_reals(work, part)[0].flatten(1) for part in items[:CELL_REALS].split(1024)])
        if axes in CELLS
        else None
    )
    cells = min(CELLS.get(axes, 1), 1 if reals is None else len(reals) // FEWEST_IN_CELL)
    if reals is None or cells < 2:
        centres, shares = torch.zeros(1, numbers, dtype=torch.float64), torch.ones(1, dtype=torch.float64)
    else:
        centres = kmeans(reals, cells, draw)
        shares = torch.bincount(assign(reals, centres), minlength=cells).double() / len(reals)
    each = torch.arange(len(centres))
    fine = Known(torch.zeros(2), each[:1].repeat(2), centres, each, shares)
    found, of_cells = [], []
    for k in range(FAKES.get(axes, FEW) // 256):
        side = _fakes(work, 256, f"ceiling-{k}")
        found.append(logits_on(net, side, draw.child(f"ceiling-{k}")))
        of_cells.append(fine.cells_of(side[0]))
    drawn = torch.cat(of_cells)
    groups = merged(centres, shares, torch.bincount(drawn, minlength=len(centres)).double() / len(drawn))
    together = torch.zeros(int(groups.max()) + 1, dtype=torch.float64).index_add_(0, groups, shares)
    return Known(torch.cat(found).float(), groups[drawn], centres, groups, together)


def _frame(work: _Work) -> dict[str, Any]:
    return {
        "multigan_version": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "which": work.generator.kept,
        "weights_sha256": work.generator.config["weights_sha256"],
        "seed": work.wish.seed,
    }


def _reals(work: _Work, items: Tensor) -> Side:
    batch = work.batches.pick(items)
    seen = batch.real if work.join is None or batch.source is None else work.join(batch.real, batch.source)
    return seen.cpu(), None if batch.cond is None else batch.cond.cpu()


def _fakes(work: _Work, n: int, purpose: str) -> Side:
    """Fakes of classes in turn, apart from those of any `generate`."""
    seed = Draw(work.wish.seed).child(purpose)
    number = int(seed.generator("seed").initial_seed())
    if work.join is not None:
        return _answered(work, n, purpose, number, work.join), None
    x = torch.cat(list(work.generator.batches(n, number)))
    if not work.generator.conditional:
        return x, None
    return x, torch.arange(n).remainder(len(work.generator.spec.classes))


@torch.no_grad()
def _answered(work: _Work, n: int, purpose: str, seed: int, join: Join) -> Tensor:
    """Draws for the inputs of held-out pairs, in turn, joined with these: never those that it is judged by."""
    items = work.parts.stop if purpose == "stop" else work.parts.calibrate
    found = []
    for start in range(0, n, ANSWERED):
        batch = work.batches.pick(items[torch.arange(start, min(start + ANSWERED, n)).remainder(len(items))])
        if batch.source is None:
            raise DataError("the data has no inputs", "the data of the run", "give it with --data PATH")
        draw = Draw(seed, start, "answers/", device=str(work.batches.device))
        fake = draw_fakes(work.generator.net, len(batch.real), draw, None, batch.source, besides=draw.child("G"))
        found.append(join(fake.float(), batch.source).cpu())
    return torch.cat(found)
