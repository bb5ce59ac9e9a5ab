"""A run whose `budget.json` was lost: under what lengths its checkpoints were written, that file alone knows."""

import json
from pathlib import Path

from multigan.core.errors import CheckpointError
from multigan.core.shell import typed
from multigan.engine.checkpoint import list_checkpoints
from multigan.engine.verified import STATE
from multigan.pace.record import FILE
from multigan.recipe.length import lengths_of
from multigan.recipe.recipe import Recipe, fingerprint

__all__ = ["refuse_lost"]


def refuse_lost(folder: Path, recipe: Recipe) -> None:
    """Refuse a resume that could not tell the run's own checkpoints from those of another recipe.

    The newest checkpoint knows the lengths of now, which the recipe has; its fingerprint is that of the lengths with
    which the run began.

    Args:
        folder: the run directory.
        recipe: the one that lies in it.

    Raises:
        CheckpointError: `budget.json` is missing, and the run was given other lengths since it began.
    """
    kept = list_checkpoints(folder / "checkpoints")
    if not kept or (folder / FILE).exists():
        return
    try:
        plain = json.loads((kept[-1] / STATE).read_text(encoding="utf-8"))
        own = plain["fingerprint"] == fingerprint(recipe)
        lengths = tuple(plain["state"]["stretch"]["lengths"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # whoever restores it says what is wrong
        return
    if not own and lengths == lengths_of(recipe):
        raise CheckpointError(
            f"{folder / FILE} is missing, and it alone knows with what lengths the run began, which {kept[-1].name} "
            "was written under",
            "the file as training wrote it",
            "copy it again from where the run was copied from, or train anew: "
            f"multigan train {typed(folder / 'recipe.toml')}",
        )
