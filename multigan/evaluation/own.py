"""What only a modality knows: scores of what people see or hear, likelihoods, curves over temperature."""

import math
from functools import partial
from typing import Any

import torch

from multigan.evaluation.score import Score, from_row
from multigan.evaluation.sets import FEWEST, Chosen, rendered_fakes
from multigan.evaluation.subject import Subject
from multigan.evaluation.temperature import curve_of
from multigan.plugins.abilities import Likely, Scores, able
from multigan.plugins.contract import checked_rows

__all__ = ["own_curve", "own_rows"]

LIKELY_ITEMS = 512
CURVE = {"temperatures": (0.5, 0.75, 1.0, 1.25, 1.5), "samples": 200}
"""Less than `multigan temperature` draws: an evaluation waits for it."""


def own_rows(subject: Subject, chosen: Chosen, samples: int, seed: int) -> list[Score]:
    """All that the modality offers, on up to 2,000 samples."""
    modality, spec = subject.generator.modality, subject.data.spec
    rows = list[Score]()
    if able(modality, Scores):
        seen = rendered_fakes(subject, chosen, samples, seed)
        call = partial(modality.own_scores, seen.fake, seen.real, seen.trained, spec)
        rows += [from_row(row, len(seen.fake), len(seen.real)) for row in checked_rows(modality, "own_scores", call)]
    if able(modality, Likely) and len(chosen.held_out):
        real = torch.cat(list(subject.reals(chosen.held_out[:LIKELY_ITEMS])))
        call = partial(modality.model_scores, subject.generator.net, real, spec)
        rows += [from_row(row, 0, len(real)) for row in checked_rows(modality, "model_scores", call)]
    return rows


def own_curve(subject: Subject, seed: int) -> dict[str, Any]:
    """Quality against diversity over temperature, beside the maximum-likelihood start; `{}` where there is none.

    Numbers that do not exist (a gap between systems that never have the same quality) are None.
    """
    if len(subject.split.held_out) < FEWEST:
        return {}
    found = curve_of(subject.generator, subject.folder, subject.data, subject.split, seeds=(seed, seed + 1), **CURVE)
    return {} if found is None else _without_nan(found)


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inside) for inside in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
