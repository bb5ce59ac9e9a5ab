"""What only a modality knows: scores of what people see or hear, likelihoods, curves over temperature."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from multigan.core.types import Spec
from multigan.evaluation.score import Score, from_row
from multigan.evaluation.sets import FEWEST, Chosen, rendered_fakes
from multigan.evaluation.subject import Subject
from multigan.evaluation.temperature import curve_of

__all__ = ["Likely", "Own", "own_curve", "own_rows"]

LIKELY_ITEMS = 512
CURVE = {"temperatures": (0.5, 0.75, 1.0, 1.25, 1.5), "samples": 200}
"""Less than `multigan temperature` draws: an evaluation waits for it."""


@runtime_checkable
class Own(Protocol):
    """A modality with scores of its own on rendered samples."""

    def own_scores(
        self, samples: Sequence[Any], real: Sequence[Any], train: Sequence[Any], spec: Spec
    ) -> Sequence[Mapping[str, Any]]:
        """Rows with the fields of `Score`; `train` are trained items, which may take the samples' place for a floor."""
        ...


@runtime_checkable
class Likely(Protocol):
    """A modality whose nets have likelihoods."""

    def model_scores(self, net: nn.Module, real: Tensor, spec: Spec) -> Sequence[Mapping[str, Any]]:
        """Rows with the fields of `Score` for held-out reals in D's space; none where the net has no likelihood."""
        ...


def own_rows(subject: Subject, chosen: Chosen, samples: int, seed: int) -> list[Score]:
    """All that the modality offers, on up to 2,000 samples."""
    modality, spec = subject.generator.modality, subject.data.spec
    rows = list[Score]()
    if isinstance(modality, Own):
        seen = rendered_fakes(subject, chosen, samples, seed)
        found: Sequence[Mapping[str, Any]] = modality.own_scores(seen.fake, seen.real, seen.trained, spec)
        rows += [from_row(row, len(seen.fake), len(seen.real)) for row in found]
    if isinstance(modality, Likely) and len(chosen.held_out):
        real = torch.cat(list(subject.reals(chosen.held_out[:LIKELY_ITEMS])))
        found = modality.model_scores(subject.generator.net, real, spec)
        rows += [from_row(row, 0, len(real)) for row in found]
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
