"""The scores that only a modality knows: what people see or hear, and likelihoods."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from multigan.evaluation.score import Score, from_row
from multigan.evaluation.sets import Chosen, rendered_fakes
from multigan.evaluation.subject import Subject
from multigan.types import Spec

__all__ = ["Likely", "Own", "own_rows"]

LIKELY_ITEMS = 512


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
