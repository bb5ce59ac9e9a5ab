"""The check for a recipe."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from multigan.build import build_data, build_trainer, check
from multigan.core.errors import DataError
from multigan.recipe.recipe import dumps, find_recipe, fingerprint, load_recipe
from multigan.testing.rules import rule

__all__ = ["check_recipe"]

ITERATIONS = 2


def check_recipe(name: str | Path, overrides: Sequence[str] = ()) -> None:
    """A recipe: every name and option in it, a summary, how to run it in its first line, and two iterations.

    Where its data is not at hand, no iteration is tried.

    Args:
        name: of the recipe, or its file.
        overrides: `"table.key=value"`, to make nets and data small.

    Raises:
        RecipeError, UnknownNameError, PluginError: what is wrong with it.
    """
    path = find_recipe(str(name))
    recipe = load_recipe(str(name), overrides)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    rule("multigan train" in first, f"{path} begins with '{first}'", "# multigan train NAME")
    rule(bool(recipe.summary), f"{path} has no summary", "one line for multigan recipes ls")
    check(recipe)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "again.toml"
        copy.write_text(dumps(recipe), encoding="utf-8")
        same = fingerprint(load_recipe(str(copy))) == fingerprint(recipe)
    rule(same, f"{path} changes when it is written and read again", "the same recipe")
    try:
        data = build_data(recipe)
    except DataError:
        return
    batch = min(recipe.train.batch, max(1, len(data.items) // 2))
    short = {"batch": batch, "samples": ITERATIONS * batch * recipe.train.n_critic}
    train = recipe.train.model_copy(update=short)
    trainer = build_trainer(recipe.model_copy(update={"train": train, "phases": ()}), data)
    trainer.fit()
    finite = all(bool(torch.isfinite(p).all()) for net in trainer.game.players.values() for p in net.parameters())
    rule(finite, f"{path}: weights are not finite after {ITERATIONS} iterations", "finite weights")
