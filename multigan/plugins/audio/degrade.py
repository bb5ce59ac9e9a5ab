"""What else may befall a sound on its way: rooms, clipping, a narrow band."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Modality, Spec
from multigan.plugins.audio.background import sound_rate
from multigan.plugins.audio.noises import in_band

__all__ = ["Now", "build_clipping", "build_low_pass", "build_reverb"]

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0, le=20)]
Hertz = Annotated[float, Field(gt=0, le=384_000)]
Decibels = Annotated[float, Field(ge=0, le=60)]


@dataclass(frozen=True)
class Now:
    """Something that befalls a share of the sounds; the others stay as they are.

    Args:
        share: of the rows, by chance.
        change: `(x, draw) -> x'` of all rows.
    """

    share: float
    change: Callable[[Tensor, Draw], Tensor]

    draws = True

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """Sounds `(batch, channels, samples)`, shape kept."""
        struck = (draw.uniform("struck", (len(x), 1, 1)) < self.share).to(x.device)
        return torch.where(struck, self.change(x, draw), x)


@dataclass(frozen=True)
class _Reverb:
    seconds: tuple[float, float]
    sample_rate_hz: int

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """A room: the sound itself, then noise that dies away by 60 dB in the drawn time, fainter by 3 to 15 dB.

        Source: exponentially decaying noise, Moorer 1979.
        """
        batch, samples = len(x), x.shape[-1]
        least, most = self.seconds
        lasts = least + (most - least) * draw.uniform("lasts", (batch, 1))
        age = torch.arange(samples) / self.sample_rate_hz
        tail = draw.normal("tail", (batch, samples)) * 10 ** (-3 * age / lasts)
        tail[:, : max(1, self.sample_rate_hz // 500)] = 0  # nothing comes back within 2 ms
        loud = 10 ** (-(3 + 12 * draw.uniform("loud", (batch, 1))) / 20)
        tail = tail / tail.square().sum(1, keepdim=True).sqrt().clamp_min(1e-12) * loud
        tail[:, 0] = 1
        response = torch.fft.rfft(tail, 2 * samples).to(x.device)
        made: Tensor = torch.fft.irfft(torch.fft.rfft(x, 2 * samples) * response[:, None], 2 * samples)[..., :samples]
        return made


@dataclass(frozen=True)
class _Clipping:
    over_db: tuple[float, float]

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """What lies above a drawn level below the peak is cut off."""
        least, most = self.over_db
        over_db = (least + (most - least) * draw.uniform("over", (len(x), 1, 1))).to(x)
        level = x.abs().amax((1, 2), keepdim=True) / 10 ** (over_db / 20)
        return torch.maximum(torch.minimum(x, level), -level)


@dataclass(frozen=True)
class _LowPass:
    hertz: tuple[float, float]
    sample_rate_hz: int

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """Frequencies above a drawn one are taken away, by 24 dB an octave (Butterworth's gain of 4th order)."""
        least, most = self.hertz
        cut = (least * (most / least) ** draw.uniform("cut", (len(x), 1, 1))).to(x)
        return in_band(x, lambda hertz: (1 + (hertz / cut) ** 8).rsqrt(), self.sample_rate_hz)


def build_reverb(
    modality: Modality, spec: Spec, *, share: Share = 0.5, seconds: tuple[Seconds, Seconds] = (0.1, 0.6)
) -> Now:
    """Rooms in which a sound takes that long to die away by 60 dB."""
    rate = sound_rate(spec, "reverb")
    return Now(share, _Reverb(in_order("reverb", "seconds", seconds), rate))


def build_clipping(
    modality: Modality, spec: Spec, *, share: Share = 0.3, over_db: tuple[Decibels, Decibels] = (3.0, 15.0)
) -> Now:
    """Sounds of which the peaks are cut off, that far below the highest."""
    sound_rate(spec, "clipping")
    return Now(share, _Clipping(in_order("clipping", "over_db", over_db)))


def build_low_pass(
    modality: Modality, spec: Spec, *, share: Share = 0.3, hertz: tuple[Hertz, Hertz] = (1500.0, 4000.0)
) -> Now:
    """Sounds without what lies above a frequency."""
    rate = sound_rate(spec, "low-pass")
    return Now(share, _LowPass(in_order("low-pass", "hertz", hertz), rate))


def in_order(name: str, key: str, ends: tuple[float, float]) -> tuple[float, float]:
    """A range, the lower end first.

    Raises:
        RecipeError: it is not.
    """
    if ends[0] > ends[1]:
        given = f"{name} with {key} = [{ends[0]:g}, {ends[1]:g}]"
        raise RecipeError(given, "the lower end first", "swap them", key=[key])
    return ends
