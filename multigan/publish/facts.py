"""What a run directory says of its generator: recipe, data, evaluation; read from files only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from multigan.run.files import read_run_file

__all__ = ["RunFiles", "read_facts"]


@dataclass(frozen=True)
class RunFiles:
    """The files of a run, as far as there are any.

    Attributes:
        folder: the run directory, or None for a bare generator.
        run: `run.json`: what was read, how long it took.
        evaluation: `evaluation.json`, or None where the run was not evaluated.
        has_recipe: whether `recipe.toml` is there, so that the data can be read again.
    """

    folder: Path | None = None
    run: Mapping[str, Any] = field(default_factory=dict)
    evaluation: Mapping[str, Any] | None = None
    has_recipe: bool = False


def read_facts(folder: str | Path) -> RunFiles:
    """The facts of a run directory; empty ones where `folder` is no run (a generator folder, a hub id).

    Raises:
        RunError: a file is there but is damaged.
    """
    folder = Path(folder)
    if not (folder / "recipe.toml").is_file() and not (folder / "run.json").is_file():
        return RunFiles()
    evaluation = read_run_file(folder, "evaluation.json")
    return RunFiles(folder, read_run_file(folder, "run.json") or {}, evaluation, (folder / "recipe.toml").is_file())
