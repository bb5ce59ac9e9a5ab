"""Numbers on held-out items: inversion and filling beside trivial rivals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import DataError, RunError
from multigan.core.types import Data
from multigan.evaluation.infill import infill_rows
from multigan.generator.generator import Generator, load
from multigan.identity.opened import open_data
from multigan.latent.inpaint import composite, inpaint, linear_fill
from multigan.latent.invert import Search, invert
from multigan.metrics.intervals import bootstrap_mean
from multigan.metrics.memorisation import nearest
from multigan.run.folder import find_run

__all__ = ["Row", "benchmark", "middle", "neighbours"]

TRAINED = 20_000


@dataclass(frozen=True)
class Row:
    """One number in its frame.

    Attributes:
        task: `"invert"`, `"inpaint"` or `"infill"`.
        way: what was done: the generator, or a trivial rival.
        score: what was measured, with its unit.
        mean: over items.
        low: of a 95 % bootstrap interval over items.
        high: of the same interval.
        n: number of held-out items.
        seed: of items, search and bootstrap.
    """

    task: str
    way: str
    score: str
    mean: float
    low: float
    high: float
    n: int
    seed: int

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)


def benchmark(
    run: str | Path, n: int = 16, seed: int = 0, search: Search | None = None, which: str | None = None
) -> list[Row]:
    """Score inversion and filling of `n` held-out items of a run.

    Rivals: the mean of trained items, the nearest trained item (of at most 20,000; by squared distance on what is
    known), straight lines across the hole, and the nearest of 256 random samples, which is where the descent begins.
    For texts see `edit.infill.infill_rows`.

    Args:
        run: a run directory with its recipe; the data must be reachable.
        n: held-out items, the first in a shuffle by `seed`.
        seed: see `Row`.
        search: how long to look.
        which: `"last"` or `"best"` generator; None = the best where the run kept one, else the last.

    Raises:
        RunError: it is no run, or nothing was held out.
        DataError: its data has gone or was changed since.
    """
    run, recipe = find_run(run)
    generator, opened = load(run, which), open_data(run, recipe)
    data, split = opened.data, opened.split
    if not opened.as_trained:
        raise DataError(f"{run}: {opened.warnings[0]}", "the data that it was trained on", "put the data back")
    if not len(split.held_out):
        raise RunError(f"{run} held nothing out", "held-out items", "train with --set data.holdout=auto")
    order = torch.randperm(len(split.held_out), generator=Draw(seed).generator("benchmark"))[:n]
    held_out = _items(generator, data, split.held_out[order])
    trained = _items(generator, data, split.train[:TRAINED])
    if hasattr(generator.modality, "fill"):
        return [Row(*row, len(order), seed) for row in infill_rows(generator, held_out, trained, seed)]
    return _continuous(generator, held_out, trained, search or Search(seed=seed), seed)


def middle(shape: Sequence[int]) -> Tensor:
    """A hole over the middle third of every axis but the channels', bool `shape`."""
    hole = torch.zeros(*shape, dtype=torch.bool)
    inside = [slice(None), *(slice(side // 3, side - side // 3) for side in shape[1:])]
    hole[tuple(inside)] = True
    return hole


def neighbours(items: Tensor, trained: Tensor, known: Tensor) -> Tensor:
    """The trained item nearest to each item on what is known: `(n, *shape)`."""
    a, b = (items * known).flatten(1), (trained * known).flatten(1)
    return trained[nearest(a, b)[1]]


def _continuous(generator: Generator, items: Tensor, trained: Tensor, search: Search, seed: int) -> list[Row]:
    hole, everywhere = middle(generator.spec.shape), torch.ones(generator.spec.shape)
    mean = trained.mean(0).expand_as(items)
    start = Search(1, search.starts, 1e-9, search.seed)
    whole: Mapping[str, Callable[[], Tensor]] = {
        "generator": lambda: invert(generator, items, search).fake,
        "nearest of 256 samples": lambda: invert(generator, items, start).fake,
        "nearest trained item": lambda: neighbours(items, trained, everywhere),
        "mean trained item": lambda: mean,
    }
    filled: Mapping[str, Callable[[], Tensor]] = {
        "generator": lambda: inpaint(generator, items, hole, search)[0],
        "nearest trained item": lambda: composite(items, neighbours(items, trained, (~hole).float()), hole),
        "mean trained item": lambda: composite(items, mean, hole),
        "linear fill": lambda: linear_fill(items, hole),
    }
    ways = [("invert", name, way) for name, way in whole.items()]
    if items.ndim > 2:  # points have no middle
        ways += [("inpaint", name, way) for name, way in filled.items()]
    rows = []
    for task, name, way in ways:
        score, values = _score(generator, items, way())
        rows.append(Row(task, name, score, *bootstrap_mean(values, Draw(seed)), len(items), seed))
    return rows


def _score(generator: Generator, real: Tensor, fake: Tensor) -> tuple[str, Tensor]:
    closeness = getattr(generator.modality, "closeness", None)
    if closeness is not None:
        name, values = closeness(real, fake, generator.spec)
        return str(name), values
    return "rms_distance", (real - fake).square().flatten(1).mean(1).sqrt()


def _items(generator: Generator, data: Data, numbers: Tensor) -> Tensor:
    raw = data.source.take(numbers, Draw(0, 0, "benchmark/"))
    return raw if hasattr(generator.modality, "fill") else generator.modality.to_real(raw, data.spec)
