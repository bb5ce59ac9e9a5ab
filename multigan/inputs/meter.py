"""How well an output explains its input: degraded once more, it must give what it was made of. No truth is needed."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Modality, Spec, View
from multigan.inputs.assemble import degrading
from multigan.inputs.degraded import Degraded
from multigan.plugins.fitted import Taken
from multigan.recipe.recipe import ViewTable

__all__ = ["MOST_DB", "again_db", "meter_of", "steady"]

MOST_DB = 99.0
"""Where nothing differs: the logarithm has no end."""
SIDE = 512
AROUND = 16
"""Places of the input beside a part of a large file, so that views that look around see what is there."""


def meter_of(config: Mapping[str, Any], modality: Modality, spec: Spec) -> Callable[[Taken, Tensor], float | None]:
    """A meter for files: PSNR in dB of the output, degraded as inputs were in training, beside the input.

    Args:
        config: of a generator.
        modality: of its samples.
        spec: of its samples.

    Returns:
        `meter(taken, kept)`; it gives None where inputs were not made by degrading, or by what draws: noise and holes
        are other ones each time.
    """
    views = views_of(config, modality, spec)
    return lambda taken, kept: None if views is None else _of_file(views, spec, taken, kept)


def views_of(config: Mapping[str, Any], modality: Modality, spec: Spec) -> list[View] | None:
    """What degrades, where it does the same each time; else None."""
    tables = [ViewTable.model_validate(one) for one in config.get("input", {}).get("degrade", [])]
    views = degrading(tables, modality, spec) if tables else []
    return views if views and steady(views, spec) else None


def steady(views: Sequence[View], spec: Spec) -> bool:
    """Whether views draw nothing: a sample of noise is degraded alike by two draws.

    Views that say of themselves that they draw are believed: noises may lie in a folder that is elsewhere.
    """
    if any(getattr(view, "draws", False) for view in views):
        return False
    noise = Draw(0, 0, "steady/").uniform("sample", (4, *spec.shape)) * 2 - 1
    made = Degraded(views, spec)
    one, other = (made.make(noise, None, Draw(seed, 0, "steady/")) for seed in (1, 2))
    return torch.equal(one, other)


def again_db(views: Sequence[View], spec: Spec, fakes: Tensor, source: Tensor) -> Tensor:
    """PSNR in dB `(batch,)` of degraded fakes `(batch, ...)` beside their inputs, at most 99."""
    again = Degraded(views, spec).make(fakes, None, Draw(0, 0, "again/"))
    errors = (again - source).square().flatten(1).mean(1)
    return (10 * torch.log10(4 / errors)).clamp(max=MOST_DB)


def _of_file(views: Sequence[View], spec: Spec, taken: Taken, kept: Tensor) -> float | None:
    """The same of a file, part by part."""
    made = Degraded(views, spec)
    shape, outer = taken.raw.shape[1:], kept.shape[1:]
    scale = [there / here for here, there in zip(shape, outer, strict=True)]
    if any(by != int(by) for by in scale):
        return None
    total, count = 0.0, 0
    for corner in product(*(range(0, length, SIDE) for length in shape)):
        core = [slice(at, min(at + SIDE, length)) for at, length in zip(corner, shape, strict=True)]
        window = [
            slice(max(0, one.start - AROUND), min(one.stop + AROUND, length))
            for one, length in zip(core, shape, strict=True)
        ]
        large = [slice(int(one.start * by), int(one.stop * by)) for one, by in zip(window, scale, strict=True)]
        again = made.make(taken.from_kept(kept[(slice(None), *large)])[None], None, Draw(0, 0, "again/"))[0]
        inside = [
            slice(one.start - around.start, one.stop - around.start) for one, around in zip(core, window, strict=True)
        ]
        given = taken.to_input(taken.raw[(slice(None), *core)])
        if again.shape[1:] != torch.Size(one.stop - one.start for one in window):
            return None
        total += float((again[(slice(None), *inside)] - given).square().sum())
        count += given.numel()
    return min(MOST_DB, 10 * math.log10(4 * count / total)) if total else MOST_DB
