"""What only a modality knows: scores of what people see or hear, likelihoods, curves over temperature."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import torch

from multigan.core.strict_json import finite
from multigan.evaluation.score import Score, from_row
from multigan.evaluation.sets import FEWEST, Chosen, rendered_fakes
from multigan.evaluation.subject import Subject
from multigan.evaluation.temperature import curve_of
from multigan.generator.refined import RefinedGenerator
from multigan.plugins.abilities import Likely, Scores, able
from multigan.plugins.score_rows import Sifted, sift_rows

__all__ = ["Own", "own_curve", "own_rows"]

LIKELY_ITEMS = 512
CURVE = {"temperatures": (0.5, 0.75, 1.0, 1.25, 1.5), "samples": 200}
"""Less than `multigan temperature` draws: an evaluation waits for it."""


class Own(NamedTuple):
    """What a modality says of its own.

    Attributes:
        scores: that keep the contract.
        refused: a line for each that does not; whatever a plugin does, the rest of an evaluation is there.
    """

    scores: list[Score]
    refused: list[str]


def own_rows(subject: Subject, chosen: Chosen, samples: int, seed: int) -> Own:
    """All that the modality offers, on up to 2,000 samples."""
    modality, spec = subject.generator.modality, subject.data.spec
    own = Own([], [])
    if able(modality, Scores):
        but = ("memorisation",) if subject.other_data else ()  # of these data nothing was trained on
        seen = rendered_fakes(subject, chosen, samples, seed)
        call = partial(modality.own_scores, seen.fake, seen.real, seen.trained, spec)
        _add(own, sift_rows(modality, "own_scores", call), len(seen.fake), len(seen.real), but)
    if able(modality, Likely) and len(chosen.held_out):
        real = torch.cat(list(subject.reals(chosen.held_out[:LIKELY_ITEMS])))
        generator = subject.generator
        net = generator.weighed if isinstance(generator, RefinedGenerator) else generator.net
        call = partial(modality.model_scores, net, real, spec)
        taken = {score.key for score in own.scores}
        _add(own, sift_rows(modality, "model_scores", call, taken), 0, len(real))
    return own


def _add(own: Own, sifted: Sifted, n_fake: int, n_real: int, but: Sequence[str] = ()) -> None:
    own.scores.extend(from_row(row, n_fake, n_real) for row in sifted.rows if row["group"] not in but)
    own.refused.extend(str(error) for error in sifted.refused)


def own_curve(subject: Subject, seed: int) -> dict[str, Any]:
    """Quality against diversity over temperature, beside the maximum-likelihood start; `{}` where there is none.

    Numbers that do not exist (a gap between systems that never have the same quality) are None.

    Raises:
        MultiGANError: the modality's `own_curves` fails, or gives something else.
    """
    if len(subject.split.held_out) < FEWEST:
        return {}
    found = curve_of(subject.generator, subject.folder, subject.data, subject.split, seeds=(seed, seed + 1), **CURVE)
    return {} if found is None else dict(finite(found))
