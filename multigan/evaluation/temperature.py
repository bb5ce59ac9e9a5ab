"""The quality-diversity curve of a run over temperature, beside that of its own maximum-likelihood start."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RunError
from multigan.core.types import Data
from multigan.engine.holdout import Split
from multigan.generator.generator import KEPT, Generator, load
from multigan.identity.opened import open_data
from multigan.plugins import modalities
from multigan.run.folder import find_run

__all__ = ["curve_of", "temperature_curve"]

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
    folder, recipe = find_run(run)
    if not hasattr(modalities.get(recipe.modality), "own_curves"):
        raise RunError(f"{folder} is of modality {recipe.modality}", "a generator with a temperature (text)")
    if not (folder / KEPT["mle"]).is_dir():
        raise RunError(f"{folder} kept no generator-mle", "a run with a phase of maximum likelihood", "train it again")
    gan = load(folder, which)
    opened = open_data(folder, recipe)
    data, split = opened.data, opened.split
    if not len(split.held_out):
        raise RunError(f"{folder} held no items out", "unseen items to judge by", "train with --set data.holdout=auto")
    options = {} if temperatures is None else {"temperatures": temperatures}
    found = curve_of(gan, folder, data, split, samples=samples, seeds=seeds, **options)
    if found is None:
        raise RunError(f"{folder}'s generator has no temperature", "a text generator that samples tokens")
    return {"which": which, **found, "verdict": [*found["verdict"], *opened.warnings]}


def curve_of(gan: Generator, folder: Path, data: Data, split: Split, **options: Any) -> dict[str, Any] | None:
    """`temperature_curve` of an opened run.

    Args:
        gan: the generator that is compared with the start.
        folder: the run directory, for the start.
        data: all items.
        split: which of them were held out; there must be some.
        **options: of `modality.own_curves`: `temperatures`, `samples`, `seeds`.

    Returns:
        The curve, or None where the run has no start or its modality or its nets no temperature.
    """
    own_curves = getattr(gan.modality, "own_curves", None)
    if own_curves is None or not (folder / KEPT["mle"]).is_dir():
        return None
    modality = gan.modality
    found: dict[str, Any] = own_curves(
        {"GAN": gan.net, "MLE start": load(folder, "mle").net},
        _rendered(data, modality, split.held_out),
        _rendered(data, modality, split.train[:MOST_TRAINED]),
        gan.spec,
        **options,
    )
    return found.get("temperature")


@torch.no_grad()
def _rendered(data: Data, modality: Any, items: Tensor) -> list[Any]:
    draw = Draw(0)
    return [
        sample
        for part in items.split(CHUNK)
        for sample in modality.render(modality.to_real(data.source.take(part, draw), data.spec), data.spec)
    ]
