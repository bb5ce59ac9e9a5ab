"""One row of the table: train, draw, count."""

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.bench.configs import Config
from multigan.bench.sets import ModeSet, Yardstick
from multigan.build import build_trainer, check
from multigan.core import strict_json
from multigan.core.atomic import replace_file
from multigan.core.draw import Draw
from multigan.core.errors import DivergedError, RunError
from multigan.core.generators import draw_fakes
from multigan.engine.trainer import Trainer
from multigan.recipe.recipe import Recipe, fingerprint, load_recipe

__all__ = ["Job", "Results", "Row", "jobs", "train_and_count"]

CHUNK = 500
Row = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """One run to make.

    Attributes:
        kind: the set.
        config: loss and penalties.
        seed: of the run; samples are drawn with seed + 1000.
        recipe: the set's recipe with all overrides.
        samples: drawn from the trained generator.
    """

    kind: ModeSet
    config: Config
    seed: int
    recipe: Recipe
    samples: int

    def key(self) -> Row:
        """What a row is known by: a row made by another recipe or sample count is another row."""
        known = {"set": self.kind.name, "config": self.config.name, "seed": self.seed, "samples": self.samples}
        return {**known, "fingerprint": fingerprint(self.recipe)}


def jobs(kind: ModeSet, configs: Sequence[Config], seeds: int, common: Sequence[str], samples: int) -> Iterator[Job]:
    """All runs of one set, seed by seed, so that a table that is cut short compares alike; every recipe is checked.

    Args:
        kind: the set.
        configs: losses and penalties; those that need nets of pictures are left out on points.
        seeds: runs of each, with seeds 0 to seeds - 1.
        common: overrides of every run; the user's, so they win.
        samples: drawn from each generator.
    """
    width = int(load_recipe(kind.recipe).D.options.get("width", 64))
    for seed in range(seeds):
        for config in configs:
            if kind.pictures or not config.only_pictures:
                own = config.overrides(pictures=kind.pictures, d_width=width)
                recipe = load_recipe(kind.recipe, [*own, f"train.seed={seed}", *common])
                check(recipe)
                yield Job(kind, config, seed, recipe, samples)


def train_and_count(job: Job, yard: Yardstick) -> Row:
    """Train one generator and count what its average covers; a run that diverges is a row too."""
    trainer = build_trainer(job.recipe, yard.data)
    began = time.perf_counter()
    try:
        trainer.fit()
    except DivergedError as error:
        return {**job.key(), "diverged": error.given, "seconds": time.perf_counter() - began}
    finally:
        trainer.batches.close()
    seconds = time.perf_counter() - began
    fake = _draw(trainer, job.samples, job.seed + 1000)
    return {**job.key(), "seconds": seconds, **yard.count(fake)}


@torch.no_grad()
def _draw(trainer: Trainer, n: int, seed: int) -> Tensor:
    G, device = trainer.ema.net, str(trainer.batches.device)
    parts = []
    for number in range(-(-n // CHUNK)):
        draw = Draw(seed, number, "bench/", device=device)
        parts.append(draw_fakes(G, CHUNK, draw).float().cpu())
    return torch.cat(parts)[:n]


def _with_nan(row: Row) -> Row:
    """JSON has no NaN and no infinity: what was not finite stands in the file as null."""
    return {key: math.nan if value is None else value for key, value in row.items()}


class Results:
    """Rows in a JSON file: written after every row, so that a bench that was cut short goes on where it stood.

    Args:
        path: the file; None keeps rows in memory only.

    Raises:
        RunError: the file holds something else.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.sets: dict[str, Any] = {}
        self.rows: list[Row] = []
        if path is not None and path.exists():
            try:
                found = json.loads(path.read_text(encoding="utf-8"))
                self.sets, self.rows = dict(found["sets"]), [_with_nan(row) for row in found["rows"]]
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise RunError(f"{path} holds no results of this bench", "a new file", "choose another name") from error

    def find(self, job: Job) -> Row | None:
        """The row of a job that was done before."""
        key = job.key().items()
        return next((row for row in self.rows if key <= row.items()), None)

    def note(self, name: str, facts: dict[str, Any]) -> None:
        """Keep what a set's table is read against."""
        self.sets[name] = facts
        self._write()

    def add(self, row: Row) -> None:
        """Keep a row."""
        self.rows.append(row)
        self._write()

    def _write(self) -> None:
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path, strict_json.dumps({"sets": self.sets, "rows": self.rows}, indent=1) + "\n")
