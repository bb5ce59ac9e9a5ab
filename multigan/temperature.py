"""The quality-diversity curve of a run over temperature, beside that of its own maximum-likelihood start."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.build import build_data, build_split
from multigan.draw import Draw
from multigan.errors import RunError
from multigan.generator import load
from multigan.plugins import modalities
from multigan.recipe import load_recipe
from multigan.types import Data

__all__ = ["temperature_curve"]

CHUNK = 128
MOST_TRAINED = 20_000


def temperature_curve(
    run: str | Path,
    *,
    which: str = "last",
    temperatures: Sequence[float] | None = None,
    samples: int = 500,
    seeds: Sequence[int] = (0, 1),
) -> dict[str, Any]:
    """Draw the run's generator and the one that its adversarial phase began with at many temperatures, and compare.

    Args:
        run: a run directory of a modality with `own_curves`.
        which: the GAN is the `"last"` or the `"best"` generator.
        temperatures: of both, None = the modality's choice.
        samples: at each temperature and seed.
        seeds: every point is drawn again with each.

    Returns:
        JSON values: points, gaps with intervals, and `verdict`, lines for people.

    Raises:
        RunError: it is no run directory, has no such start or no held-out items, or its modality has no temperature.
    """
    folder = Path(run)
    if not (folder / "recipe.toml").is_file():
        raise RunError(f"{folder} is no run directory", "a folder with recipe.toml", "type the path that train printed")
    recipe = load_recipe(str(folder / "recipe.toml"))
    modality = modalities.get(recipe.modality)
    own_curves = getattr(modality, "own_curves", None)
    if own_curves is None:
        raise RunError(f"{folder} is of modality {recipe.modality}", "a generator with a temperature (text)")
    if not (folder / "generator-mle").is_dir():
        raise RunError(f"{folder} kept no generator-mle", "a run with a phase of maximum likelihood", "train it again")
    gan, start = load(folder, which), load(folder, "mle")
    data = build_data(recipe)
    split = build_split(recipe, data)
    if not len(split.held_out):
        raise RunError(f"{folder} held no items out", "unseen items to judge by", "train with --set data.holdout=auto")
    options = {} if temperatures is None else {"temperatures": temperatures}
    found = own_curves(
        {"GAN": gan.net, "MLE start": start.net},
        _rendered(data, modality, split.held_out),
        _rendered(data, modality, split.train[:MOST_TRAINED]),
        gan.spec,
        samples=samples,
        seeds=seeds,
        **options,
    )
    if not found:
        raise RunError(f"{folder}'s generator has no temperature", "a text generator that samples tokens")
    curve: dict[str, Any] = found["temperature"]
    return {"which": which, **curve}


@torch.no_grad()
def _rendered(data: Data, modality: Any, items: Tensor) -> list[Any]:
    draw = Draw(0)
    return [
        sample
        for part in items.split(CHUNK)
        for sample in modality.render(modality.to_real(data.source.take(part, draw), data.spec), data.spec)
    ]
