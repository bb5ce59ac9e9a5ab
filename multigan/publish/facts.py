"""What a run directory says of its generator: recipe, data, evaluation; read from files only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from multigan.errors import RunError

__all__ = ["Facts", "read_facts"]


@dataclass(frozen=True)
class Facts:
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


def read_facts(folder: str | Path) -> Facts:
    """The facts of a run directory; empty ones where `folder` is no run (a generator folder, a hub id).

    Raises:
        RunError: a file is there but is no JSON object.
    """
    folder = Path(folder)
    if not (folder / "recipe.toml").is_file() and not (folder / "run.json").is_file():
        return Facts()
    evaluation = _json(folder / "evaluation.json")
    return Facts(folder, _json(folder / "run.json") or {}, evaluation, (folder / "recipe.toml").is_file())


def _json(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise RunError(f"{path} is damaged: {error}", "the JSON that MultiGAN wrote", "write it again") from error
    if not isinstance(value, dict):
        raise RunError(f"{path} holds a {type(value).__name__}", "a JSON object", "write it again")
    return value
