"""The quality-diversity curve of a run over temperature, beside that of its own maximum-likelihood start."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from multigan.core import strict_json
from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import PluginError, RunError
from multigan.core.shell import typed
from multigan.core.types import Data, Modality
from multigan.doctor.likelihood import likelihood_left, likelihood_note
from multigan.engine.holdout import Split
from multigan.generator.generator import KEPT, Generator, load
from multigan.identity.opened import open_data
from multigan.plugins import modalities
from multigan.plugins.abilities import Curves, able
from multigan.plugins.contract import guarded
from multigan.run.folder import find_run

__all__ = ["curve_of", "temperature_curve"]

CHUNK = 128
CURVE_KEYS = ("systems", "real", "temperatures", "seeds", "n_fake", "n_real", "verdict")
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
        RunError: it is no run directory, has no such start or no held-out items, its modality has no temperature, or
            the generator is of the likelihood phase itself.
    """
    folder, recipe = find_run(run)
    if not able(modalities.get(recipe.modality), Curves):
        raise RunError(f"{folder} is of modality {recipe.modality}", "a generator with a temperature (text)")
    _refuse_without_start(folder)
    gan = load(folder, which)
    if note := likelihood_note(folder, gan.kept, gan.config):
        raise RunError(
            f"{folder}: {note}",
            "a generator of the adversarial phase, to compare with the one that it began with",
            "type --which last" if which != "last" else _go_on(folder),
        )
    opened = open_data(folder, recipe)
    data, split = opened.data, opened.split
    if not len(split.held_out):
        raise RunError(f"{folder} held no items out", "unseen items to judge by", "train with --set data.holdout=auto")
    options = {} if temperatures is None else {"temperatures": temperatures}
    found = curve_of(gan, folder, data, split, samples=samples, seeds=seeds, **options)
    if found is None:
        raise RunError(f"{folder}'s generator has no temperature", "a text generator that samples tokens")
    return {"which": which, **found, "verdict": [*found["verdict"], *opened.warnings]}


def _refuse_without_start(folder: Path) -> None:
    """Refuse a run that has no generator to compare with, and say which of three reasons it is."""
    if (folder / KEPT["mle"]).is_dir():
        return
    left = likelihood_left(folder)
    if left is None:
        given, fix = "has no phase of maximum likelihood in its recipe", "train one that has: multigan recipes ls"
    elif left:
        given, fix = (
            f"has not finished its phase of maximum likelihood: {counted(left, 'sample')} to go",
            _go_on(folder),
        )
    else:
        given, fix = "kept no generator-mle", f"train it again: multigan train {typed(folder / 'recipe.toml')}"
    raise RunError(f"{folder} {given}", "the generator of the end of that phase, to compare with", fix)


def _go_on(folder: Path) -> str:
    return f"go on with the run: multigan train --resume {typed(folder)}"


def curve_of(gan: Generator, folder: Path, data: Data, split: Split, **options: Any) -> dict[str, Any] | None:
    """`temperature_curve` of an opened run.

    Args:
        gan: the generator that is compared with the start.
        folder: the run directory, for the start.
        data: all items.
        split: which of them were held out; there must be some.
        **options: of `modality.own_curves`: `temperatures`, `samples`, `seeds`.

    Returns:
        The curve, or None where the run has no start, its modality or its nets no temperature, or the generator is of
        the likelihood phase itself: whatever it has over the start is not the adversary's.
    """
    modality = gan.modality
    if not able(modality, Curves) or not (folder / KEPT["mle"]).is_dir():
        return None
    if likelihood_note(folder, gan.kept, gan.config):
        return None
    nets = {"GAN": gan.net, "MLE start": load(folder, "mle").net}
    held_out, trained = (_rendered(data, modality, part) for part in (split.held_out, split.train[:MOST_TRAINED]))
    found = guarded(modality, "own_curves", lambda: modality.own_curves(nets, held_out, trained, gan.spec, **options))
    return _checked(modality, found)


def _checked(modality: Modality, found: object) -> dict[str, Any] | None:
    """The curve of what `own_curves` gave, where it gave one.

    Raises:
        PluginError: it gave something else.
    """
    where = f"modality '{modality.name}': own_curves"
    if not isinstance(found, Mapping):
        raise PluginError(f"{where} gives {type(found).__name__}", "a mapping of curves by name", "see docs/extend.md")
    if "temperature" not in found:
        return None
    curve = found["temperature"]
    if missing := [key for key in CURVE_KEYS if not isinstance(curve, Mapping) or key not in curve]:
        expected = f"a mapping with {', '.join(CURVE_KEYS)}"
        raise PluginError(f"{where} gives a temperature without {', '.join(missing)}", expected, "see docs/extend.md")
    try:
        strict_json.dumps(curve)
    except (TypeError, ValueError) as error:
        raise PluginError(f"{where} gives no JSON: {error}", "numbers, words, lists and mappings", "") from error
    return dict(curve)


@torch.no_grad()
def _rendered(data: Data, modality: Modality, items: Tensor) -> list[Any]:
    draw = Draw(0)
    return [
        sample
        for part in items.split(CHUNK)
        for sample in modality.render(modality.to_real(data.items.take(part, draw), data.spec), data.spec)
    ]
