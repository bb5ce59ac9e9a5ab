"""Sounds as mel spectra in D's space: nets translate how loud bands are, and phases are found when they are heard."""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

import torch
from torch import Tensor

from multigan.core.types import Data, Spec
from multigan.plugins.audio.griffin_lim import heard as sought
from multigan.plugins.audio.mel_analysis import MelAnalysis
from multigan.plugins.audio.mel_definition import MelDefinition, defined

__all__ = ["LISTENED", "SEEN", "Form", "as_mel", "from_sound", "scaled_mel_of", "sound_of", "unscaled", "waves"]

Form = Literal["waves", "mel"]
SEEN = "mel_samples"
"""Under which a spec's `meta` holds the definition where samples are such spectra."""
LISTENED, LOOKED = 32, 8
"""Iterations of Griffin-Lim for people, and for features."""
FLOOR = 1e-4
CHUNK = 32
GIVEN: Mapping[str, Any] = {
    "n_mels": 0,
    "n_fft": 0,
    "window": 0,
    "hop": 0,
    "fmin": 0.0,
    "fmax": 0.0,
    "scale": "slaney",
    "norm": True,
    "power": 1.0,
    "log": "ln",
    "floor": FLOOR,
    "pad": "centre",
}


def as_mel(data: Data) -> Data:
    """The same sounds, of which D and G see mel spectra: `(channels · bands, frames)` in [-1, 1].

    -1 is the floor, 80 dB below 1, which is about a sine at full scale: long windows have larger sums than short ones,
    so what is 1 follows the definition, in steps of 10 dB.

    Raises:
        RecipeError: slices are no whole hops.
    """
    channels, samples = data.spec.shape
    mel = defined(int(data.spec.meta["sample_rate_hz"]), samples, GIVEN)
    mel = replace(mel, top=10 ** (round(2 * math.log10(_analysis(mel).loudest())) / 2))
    shape = (channels * mel.n_mels, mel.frames(samples))
    return replace(data, spec=replace(data.spec, shape=shape, meta={**data.spec.meta, SEEN: mel.plain()}))


def scaled_mel_of(spec: Spec) -> MelDefinition | None:
    """The definition, where samples like `spec` are mel spectra in D's space."""
    found = spec.meta.get(SEEN)
    return MelDefinition(**found) if isinstance(found, Mapping) else None


def from_sound(x: Tensor, mel: MelDefinition) -> Tensor:
    """Waves `(batch, channels, samples)` to D's space, `(batch, channels · bands, frames)`."""
    return scaled(_analysis(mel).to(x.device)(x), mel)


def scaled(spectra: Tensor, mel: MelDefinition) -> Tensor:
    """Logarithms of amplitudes to D's space: the amplitude `mel.top` is 1, what is `mel.floor` times as loud -1."""
    return (1 - 2 * (spectra - math.log(mel.top)) / math.log(mel.floor)).clamp(-1, 1)


def unscaled(x: Tensor, mel: MelDefinition) -> Tensor:
    """D's space to logarithms of amplitudes."""
    return (1 - x) * (math.log(mel.floor) / 2) + math.log(mel.top)


def sound_of(x: Tensor, mel: MelDefinition, iterations: int = LISTENED) -> Tensor:
    """D's space to waves `(batch, channels, samples)`, whose phases Griffin-Lim finds."""
    analysis = _analysis(mel).to(x.device)
    parts = [sought(analysis, unscaled(part.float().clamp(-1, 1), mel), iterations) for part in x.split(CHUNK)]
    return torch.cat(parts)


def waves(x: Tensor, spec: Spec, iterations: int = LOOKED) -> Tensor:
    """Samples like `spec` as waves, whatever D sees of them."""
    mel = scaled_mel_of(spec)
    return x if mel is None else sound_of(x, mel, iterations)


@lru_cache(maxsize=8)
def _analysis(mel: MelDefinition) -> MelAnalysis:
    return MelAnalysis(mel)
