"""Mel spectra as people know them: heard by Griffin-Lim, which needs no training and is what a vocoder has to beat."""

from collections.abc import Mapping
from functools import lru_cache

import torch
from torch import Tensor

from multigan.core.types import Spec
from multigan.plugins.audio.griffin_lim import heard
from multigan.plugins.audio.mel_analysis import MelAnalysis
from multigan.plugins.audio.mel_definition import MelDefinition, mel_of

__all__ = ["MORE", "RIVAL", "as_sound", "contending", "spectral_distance"]

RIVAL, MORE = 32, 100
"""Iterations."""
CHUNK = 32
WINDOWS = (512, 256, 128)
FAINT = 1e-4


def as_sound(spectra: Tensor, spec: Spec, iterations: int = RIVAL) -> Tensor | None:
    """Waves of mel spectra like `spec`, `(n, channels, samples)`; None where these are no mel spectra."""
    mel = mel_of(spec)
    if mel is None:
        return None
    analysis = _analysis(mel).to(spectra.device)
    return torch.cat([heard(analysis, part, iterations) for part in spectra.float().split(CHUNK)])


def contending(source: Tensor, source_spec: Spec) -> Mapping[str, Tensor]:
    """Griffin-Lim with more iterations than the rival's; none where inputs are no mel spectra."""
    sound = as_sound(source, source_spec, MORE)
    return {} if sound is None else {f"Griffin-Lim, {MORE} iterations": sound}


def spectral_distance(real: Tensor, fake: Tensor) -> Tensor:
    """`mean over windows of |S - S'| / |S| + mean |ln S - ln S'|` of waves `(batch, channels, samples)`: `(batch, 1)`.

    S are the amplitudes of all bins of a wave, at least 1e-4; windows of 512, 256 and 128 samples, those longer than
    the wave left out.

    Source: Yamamoto et al. 2020 (Parallel WaveGAN), Eq. 4 to 6.
    """
    gaps = list[Tensor]()
    for window in WINDOWS:
        if window <= real.shape[-1]:
            a, b = (_amplitudes(x.float(), window) for x in (real, fake))
            missed = (a - b).square().flatten(1).sum(1).sqrt() / a.square().flatten(1).sum(1).sqrt()
            gaps.append(missed + (a.log() - b.log()).abs().flatten(1).mean(1))
    return torch.stack(gaps).mean(0)[:, None] if gaps else (real - fake).abs().flatten(1).mean(1, keepdim=True)


def _amplitudes(x: Tensor, window: int) -> Tensor:
    shape = torch.hann_window(window, device=x.device)
    spectra = torch.stft(
        x.flatten(0, 1), window, window // 4, window=shape, pad_mode="constant", return_complex=True
    ).abs()
    return spectra.clamp_min(FAINT).view(len(x), -1, *spectra.shape[1:])


@lru_cache(maxsize=8)
def _analysis(mel: MelDefinition) -> MelAnalysis:
    return MelAnalysis(mel)
