"""Sets whose modes can be counted, and how: the yardstick of each."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.build import build_data, check
from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.core.registry import pick
from multigan.core.types import Data, Spec
from multigan.features.cache import cache_folder
from multigan.metrics.histogram import Floor, reverse_kl, simulated_floor
from multigan.plugins import modalities
from multigan.plugins.image.judge import Judge, train_judge
from multigan.plugins.points.evaluation import coverage
from multigan.recipe.recipe import Recipe, load_recipe

__all__ = ["SETS", "ModeSet", "Yardstick", "mode_set", "source_overrides", "yardstick"]

Counts = dict[str, float]


@dataclass(frozen=True)
class ModeSet:
    """A set of known modes.

    Attributes:
        name: as in `--sets`.
        recipe: the recipe that trains on it.
        modes: how many there are.
        samples: drawn from each generator where `--samples` says nothing.
        pictures: whether a classifier counts them.
        needs_files: whether the user has to give files.
    """

    name: str
    recipe: str
    modes: int
    samples: int
    pictures: bool = False
    needs_files: bool = False


_ALL = (
    ModeSet("ring", "points/ring", 8, 2_500),
    ModeSet("grid", "points/grid", 25, 2_500),
    ModeSet("stacked-digits", "image/stacked-digits", 100, 10_000, pictures=True),
    ModeSet("stacked-mnist", "image/stacked-mnist", 1_000, 26_000, pictures=True, needs_files=True),
)

SETS = {entry.name: entry for entry in _ALL}


@dataclass(frozen=True)
class Yardstick:
    """How samples of one set are counted, and what is the best that can be seen.

    Attributes:
        data: the set.
        count: samples in D's space to `modes`, `reverse_kl` and, on points, `high_quality`.
        samples: how many are drawn from each generator.
        floor: reverse KL of exact samples.
        ceiling: the counts of as many real samples.
        accuracy: of the classifier on held-out pictures; None where none is needed.
    """

    data: Data
    count: Callable[[Tensor], Counts]
    samples: int
    floor: Floor
    ceiling: Counts
    accuracy: float | None = None

    def facts(self) -> dict[str, Any]:
        """All of it that can be written as JSON."""
        known = {"samples": self.samples, "floor": asdict(self.floor), "ceiling": self.ceiling}
        return {**known, "classifier_accuracy": self.accuracy}


def mode_set(name: str) -> ModeSet:
    """A set by name.

    Raises:
        UnknownNameError: with the nearest name.
    """
    return pick("set of modes", SETS, name)


def source_overrides(kind: ModeSet, files: Path | None) -> list[str]:
    """The override that puts the user's files into the recipe of a set that needs some.

    Raises:
        DataError: it needs files, and none are given.
    """
    if not kind.needs_files:
        return []
    if files is None:
        raise DataError(f"{kind.name} needs files", "a folder of MNIST's idx files with labels", "type --data FOLDER")
    return [f"data.source={json.dumps(str(files.resolve()), ensure_ascii=False)}"]


def yardstick(kind: ModeSet, overrides: list[str], samples: int | None = None) -> Yardstick:
    """Read a set, train its classifier where it needs one, and measure real samples.

    Args:
        kind: the set.
        overrides: of its recipe.
        samples: how many are drawn; None = the set's own number.
    """
    recipe = load_recipe(kind.recipe, overrides)
    check(recipe)
    data, n = build_data(recipe), samples or kind.samples
    judge = _judge(recipe) if kind.pictures else None
    count = partial(_count_pictures, judge, kind.modes) if judge else partial(_count_points, data.spec)
    rows = Draw(0).integers("bench/real", 0, len(data.items), (n,))
    raw = data.items.take(rows, Draw(0))
    ceiling = count(modalities.get(recipe.modality).to_real(raw, data.spec))
    return Yardstick(data, count, n, simulated_floor(n, kind.modes), ceiling, judge.accuracy if judge else None)


def _judge(recipe: Recipe) -> Judge:
    """The classifier of the single pictures that the recipe stacks."""
    options = {name: value for name, value in recipe.data.options.items() if name != "stack"}
    source = recipe.data.source.removeprefix("stacked-")
    single = modalities.get(recipe.modality).load(source, **options)
    items = single.items.take(torch.arange(len(single.items)), Draw(0))
    if single.labels is None:
        raise DataError(f"{source} has no labels", "one a picture", "give the folder of idx files with their labels")
    return train_judge(items, single.labels, cache=cache_folder())


def _count_pictures(judge: Judge, modes: int, x: Tensor) -> Counts:
    counts = torch.bincount(judge.modes(x), minlength=modes)
    return {"modes": int((counts > 0).sum()), "reverse_kl": reverse_kl(counts)}


def _count_points(spec: Spec, x: Tensor) -> Counts:
    found = coverage(x, spec)
    # JSON has no infinity: where no sample is good, a single mode's log K is the honest upper end.
    worst = torch.tensor(float(len(spec.meta["centres"]))).log().item()
    return {**found, "reverse_kl": found["reverse_kl"] if found["reverse_kl"] < inf else worst}
