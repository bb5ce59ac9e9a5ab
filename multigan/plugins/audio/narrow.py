"""The degradation that leaves the lower part of a sound's frequencies, as a lower rate would: what is to be widened."""

from dataclasses import replace
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Modality, Spec
from multigan.plugins.audio.background import sound_rate
from multigan.plugins.audio.mel_picture import in_float32

__all__ = ["KEY", "Narrow", "build_narrow", "lower"]

KEY = "narrow_hz"
"""Under which a spec's `meta` says above which frequency there is nothing."""
Hertz = Annotated[float, Field(ge=0, le=384_000)]


def lower(x: Tensor, hertz: float, sample_rate_hz: int) -> Tensor:
    """Sounds `(..., samples)` without anything above a frequency: doing it twice changes nothing but roundings.

    All samples are transformed at once, and bins above the frequency are zero: sinc interpolation of a sound at twice
    that rate has these frequencies and no others.
    """
    n = x.shape[-1]
    with in_float32(x.device.type):
        spectrum = torch.fft.rfft(x.float())
        kept = torch.fft.rfftfreq(n, 1 / sample_rate_hz, device=x.device) <= hertz
        found: Tensor = torch.fft.irfft(spectrum * kept, n)
        return found


class Narrow:
    """See `lower`; it draws nothing.

    Args:
        hertz: above which nothing is left; 0 = half of what there is.
        rate: of the sounds.
    """

    draws = False

    def __init__(self, hertz: float, rate: int) -> None:
        self.hertz, self.rate = hertz or rate / 4, rate

    def spec(self, spec: Spec) -> Spec:
        """Of the same shape and rate, and it says where the sound ends."""
        return replace(spec, meta={**spec.meta, KEY: self.hertz})

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """Sounds `(batch, channels, samples)`, shape kept."""
        return lower(x, self.hertz, self.rate)


def build_narrow(modality: Modality, spec: Spec, *, hertz: Hertz = 0.0) -> Narrow:
    """Sounds without what lies above a frequency, at their own rate.

    Raises:
        RecipeError: there is nothing above it.
    """
    rate = sound_rate(spec, "narrow")
    if rate and hertz >= rate / 2:
        given = f"narrow with hertz = {hertz:g} at {rate:,} Hz"
        raise RecipeError(
            given, f"below {rate / 2:g}, where sounds end", "leave it out for half of that", key=["hertz"]
        )
    return Narrow(hertz, rate)
