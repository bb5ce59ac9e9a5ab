"""What a run directory says of its generator: recipe, data, evaluation; read from files only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from multigan.core.counted import counted
from multigan.core.errors import MultiGANError, RunError
from multigan.engine.holdout import TO_EVALUATE
from multigan.identity.record import read_record
from multigan.recipe.recipe import load_recipe
from multigan.run.files import read_run_file

__all__ = ["RunFiles", "read_facts"]


@dataclass(frozen=True)
class RunFiles:
    """The files of a run, as far as there are any.

    Attributes:
        folder: the run directory, or None for a bare generator.
        run: `run.json`: what was read, how long it took.
        evaluation: `evaluation.json`, or None where the run was not evaluated.
        items: how many the run had, held out or not; 0 = it kept no record of its data.
        apart: whether it learnt from two sets without pairs.
        has_recipe: whether `recipe.toml` is there, so that the data can be read again.
    """

    folder: Path | None = None
    run: Mapping[str, Any] = field(default_factory=dict)
    evaluation: Mapping[str, Any] | None = None
    has_recipe: bool = False
    items: int = 0
    apart: bool = False

    @property
    def unjudgeable(self) -> str:
        """Why no evaluation of the run is possible, or ""."""
        if self.apart:
            return "two sets without pairs cannot be evaluated: no output has a target"
        if not 0 < self.items < TO_EVALUATE:
            return ""
        return f"{counted(self.items, 'item')} cannot be evaluated, which needs {TO_EVALUATE} or more"


def read_facts(folder: str | Path) -> RunFiles:
    """The facts of a run directory; empty ones where `folder` is no run (a generator folder, a hub id).

    Raises:
        RunError: a file is there but is damaged.
    """
    folder = Path(folder)
    if not (folder / "recipe.toml").is_file() and not (folder / "run.json").is_file():
        return RunFiles()
    evaluation = read_run_file(folder, "evaluation.json")
    run, has_recipe = read_run_file(folder, "run.json") or {}, (folder / "recipe.toml").is_file()
    return RunFiles(folder, run, evaluation, has_recipe, _items(folder), _apart(folder / "recipe.toml"))


def _apart(path: Path) -> bool:
    try:
        return load_recipe(str(path)).unpaired
    except MultiGANError:  # who needs the recipe says what is wrong with it
        return False


def _items(folder: Path) -> int:
    try:
        record = read_record(folder)
    except RunError:  # `changes_of` says that it is damaged
        return 0
    return record.identity.items if record else 0
