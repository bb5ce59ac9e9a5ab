"""What is evaluated: a run's generator, its data as it was split before training, and an untrained twin."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.build import build_nets, build_split
from multigan.core.draw import Draw
from multigan.core.errors import DataError, RunError
from multigan.core.types import Data
from multigan.doctor.likelihood import likelihood_note
from multigan.doctor.unread import unread_files
from multigan.engine.holdout import Split
from multigan.evaluation.drawn import Drawn
from multigan.generator.generator import KEPT, Generator, load
from multigan.generator.kept import other_kept
from multigan.generator.refined import RefinedGenerator, identity_of
from multigan.identity.opened import data_cure, open_data
from multigan.nets.placing import going_on
from multigan.nets.programs import is_program
from multigan.plugins.contract import require
from multigan.recipe.gone import without_gone
from multigan.recipe.recipe import Recipe
from multigan.run.files import read_run_file
from multigan.run.folder import find_run

__all__ = ["Subject", "load_subject"]

BATCH = 128


@dataclass(frozen=True)
class Subject:
    """A run, opened.

    Attributes:
        folder: the run directory.
        recipe: what it was trained with; the data's place may be another.
        generator: the one that is judged.
        untrained: the same net with the weights that training began with, up to rounding on other machines.
        data: all items.
        split: which of them were trained on, which held out.
        likelihood: a line where adversarial training has no part in the generator, else "".
        doubt: why held-out items may have been trained on, else "": what was copied cannot be told by them.
        warnings: why held-out items may not be unseen, or why there are none.
        as_trained: whether `data` is what the run was trained on last.
        other_data: whether these are other data than the run was trained on, so that all of them are unseen.
        drawn: fakes by whose they are and their seed; see `fakes`.
    """

    folder: Path
    recipe: Recipe
    generator: Generator
    untrained: Generator
    data: Data
    split: Split
    likelihood: str
    doubt: str
    warnings: tuple[str, ...]
    as_trained: bool = True
    other_data: bool = False
    drawn: dict[tuple[str, int], Drawn] = field(default_factory=dict, compare=False)

    @property
    def which(self) -> str:
        """The generator that is judged, in a word: `"best"`, `"last"`, ..., or `"refined"`."""
        return "refined" if isinstance(self.generator, RefinedGenerator) else self.generator.kept

    @property
    def other(self) -> str:
        """How to have the run's other generator judged, or ""."""
        if self.which == "refined":
            return ""
        other = other_kept(self.folder, self.which, self.generator.config["weights_sha256"])
        return other and f"of the {other} one: --which {other}"

    def fakes(self, n: int, seed: int, of: Generator | None = None) -> Iterator[Tensor]:
        """The first `n` of the judged generator, or another, `(batch, *spec.shape)`; the first few are drawn once."""
        generator = of or self.generator
        return self.drawn.setdefault((identity_of(generator), seed), Drawn(generator, seed)).batches(n)

    def reals(self, items: Tensor) -> Iterator[Tensor]:
        """Chosen items in D's space, `(batch, *spec.shape)`; crops and the like are the same at every call."""
        modality, spec = self.generator.modality, self.data.spec
        for raw in self.raw(items):
            yield modality.to_real(raw, spec)

    def raw(self, items: Tensor) -> Iterator[Tensor]:
        """The same as they were read, before they are brought to D's space."""
        for part in items.split(BATCH):
            yield self.data.items.take(part, Draw(0, 0, "evaluate/"))


def load_subject(run: str | Path, which: str | None, data: str | Path | None = None) -> Subject:
    """Open a run directory.

    Args:
        run: its path.
        which: `"best"` or `"last"` generator; a run without a best one gives the last, with a warning. None = the best
            where one is kept, else the last, which is meant by then: a fit on a schedule is best at its end.
        data: where the data is now; None = where it was in training.

    Raises:
        RunError: it is no run directory.
        CheckpointError: there is no generator in it, or it is damaged.
        DataError: the data is gone, or other data than the run was trained on.
    """
    folder, recipe = find_run(run)
    game = recipe.game.model_copy(update={"options": without_gone("game", recipe.game.options)})
    recipe = recipe.model_copy(update={"game": game})
    warnings = list[str]()
    if which == "best" and not (folder / KEPT["best"]).is_dir():
        warnings.append("the run kept no best generator: the last one is evaluated")
        which = "last"
    generator = load(folder, which)
    require(generator.modality, "evaluate")
    opened = open_data(folder, recipe, data)
    recipe, found = opened.recipe, opened.data
    _check_same(generator, found, recipe, placed=data is not None)
    warnings += unread_files(folder)
    changed = [*opened.warnings] if opened.known else _differences(folder, found, recipe)
    doubt = "the data was changed: what is held out may have been trained on" if changed else ""
    doubt = "these are other data than the run was trained on" if opened.other else doubt
    likelihood = likelihood_note(folder, generator.kept, generator.config)
    warnings += [*changed, *([likelihood] if likelihood else [])]
    split, reason = _split(folder, recipe, found)
    untrained = Generator(_fresh(recipe, generator), generator.spec, generator.config)
    as_trained = opened.as_trained if opened.known else not changed
    told = (*warnings, *reason)
    return Subject(
        folder, recipe, generator, untrained, found, split, likelihood, doubt, told, as_trained, opened.other
    )


def _check_same(generator: Generator, data: Data, recipe: Recipe, *, placed: bool) -> None:
    spec = generator.spec
    same = [list(spec.shape), list(spec.classes), dict(spec.meta)]
    # A younger version may say more of the same data than the one that trained.
    known = {key: value for key, value in data.spec.meta.items() if key in spec.meta}
    now = [list(data.spec.shape), list(data.spec.classes), known]
    if json.dumps(same, sort_keys=True) != json.dumps(now, sort_keys=True):
        what = f"shape {tuple(data.spec.shape)}" if same[0] != now[0] else "classes, vocabulary or scale"
        raise DataError(
            f"{recipe.data.source} is not what the run was trained on: its {what} is another",
            f"samples of shape {tuple(spec.shape)} from the same files",
            data_cure(spec.classes, data, placed=placed),
        )


def _differences(folder: Path, data: Data, recipe: Recipe) -> list[str]:
    """Whether the data of a run without a record reads as it did: with other items, the split is another."""
    try:
        before = read_run_file(folder, "run.json") or {}
    except RunError:  # said before
        before = {}
    counts = before.get("counts")
    same = counts["items"] == len(data.items) if counts and "items" in counts else _same_words(before, data)
    if same:
        return []
    now = "; ".join(line.rpartition(": ")[2] for line in data.report)
    return [
        f"{recipe.data.source} reads differently than in training ({now}): "
        "items that are called held out may have been trained on"
    ]


def _same_words(run: Mapping[str, Any], data: Data) -> bool:
    """The same of a run from before there were counts: by the sentences on its data, less its place, which may move."""
    before = run.get("data")
    return not before or [line.rpartition(": ")[2] for line in before] == [
        line.rpartition(": ")[2] for line in data.report
    ]


def _split(folder: Path, recipe: Recipe, data: Data) -> tuple[Split, list[str]]:
    table = tomllib.loads((folder / "recipe.toml").read_text(encoding="utf-8")).get("data", {})
    if "holdout" not in table:
        everything = torch.arange(len(data.items))
        line = "the run was trained by a version that held nothing out: all scores compare with trained items"
        return Split(everything, everything[:0], line), [line]
    return build_split(recipe, data), []


def _fresh(recipe: Recipe, generator: Generator) -> torch.nn.Module:
    # A file of weights that one's own model began with may be gone by now.
    with torch.random.fork_rng(devices=[]), going_on(is_program(recipe.G.net)):
        return build_nets(recipe, generator.spec, generator.input_spec)[0]
