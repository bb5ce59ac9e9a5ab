"""How much of a sound is what it should be, in dB: as a score, and as what a net descends."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import DiscriminatorNet, Modality, Spec

__all__ = ["Distortion", "si_sdr"]

LOUDEST_DB = 60.0
"""An error that faint counts as none."""
FAINTEST = 1e-5


def si_sdr(real: Tensor, fake: Tensor) -> Tensor:
    """Scale-invariant signal-to-distortion ratio in dB `(batch,)` of waves `(batch, channels, samples)`, at most 60.

    Source: Le Roux et al. 2019, Eq. 3. Means are taken away; a target that is silent has -60.
    """
    target, made = (x.double().flatten(1) for x in (real, fake))
    target, made = (x - x.mean(1, keepdim=True) for x in (target, made))
    power = target.square().sum(1, keepdim=True)
    image = target * (made * target).sum(1, keepdim=True) / power.clamp_min(1e-20)
    kept, lost = image.square().sum(1), (made - image).square().sum(1)
    ratio = kept / lost.clamp_min(1e-20)
    return (10 * ratio.clamp_min(1e-20).log10()).clamp(-LOUDEST_DB, LOUDEST_DB)


class Distortion:
    """`log10((|s - s'|² + t |s|²) / |s|²)`: the ratio of error and target in tens of dB, bounded below.

    Args:
        most_db: t is that far below the target: what is already that near pulls no further.

    Source: Wisdom et al. 2020 (MixIT), Eq. 2, thresholded SNR.
    """

    def __init__(self, most_db: float) -> None:
        self.most_db = most_db

    @classmethod
    def build(
        cls, modality: Modality, spec: Spec, *, most_db: Annotated[float, Field(ge=0, le=100)] = 30.0
    ) -> "Distortion":
        """For sounds like `spec`.

        Raises:
            RecipeError: these are no sounds.
        """
        if "sample_rate_hz" not in spec.meta and spec.modality != "audio":
            given = f"the matching term 'distortion' on {spec.modality}"
            raise RecipeError(given, "sounds", "remove it from game.matching")
        return cls(most_db)

    def __call__(
        self, D: DiscriminatorNet | None, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw
    ) -> Tensor:
        """Waves `(batch, channels, samples)` -> `(batch,)`; D, cond and draw are not used."""
        power = real.float().square().flatten(1).mean(1)
        error = (real.float() - fake.float()).square().flatten(1).mean(1)
        # A silent target has a floor: there, an error is as bad as beside a faint sound.
        power = power.clamp_min(FAINTEST)
        return torch.log10(error / power + 10 ** (-self.most_db / 10))
