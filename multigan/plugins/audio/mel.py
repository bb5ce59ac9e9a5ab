"""Distances of sounds in log-mel spectra: a loss at several windows, and a score in dB."""

import warnings
from functools import lru_cache

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import DiscriminatorNet, Modality, Spec
from multigan.plugins.audio.features import log_mel

__all__ = ["MultiScaleMel", "log_mel_distance"]

WINDOWS = (2048, 1024, 512, 256)
BANDS = (80, 80, 40, 20)
FLOOR = 1e-5


class MultiScaleMel:
    """`mean over windows of mean |log10 mel(real) - log10 mel(fake)|`, mel amplitudes of at least 1e-5.

    Args:
        sample_rate_hz: of the waves.

    Source: Kumar et al. 2023 (DAC), section 3.5, multi-scale mel reconstruction loss.
    Departures: four of the seven windows, of 256 to 2,048 samples, those longer than the wave left out; fewer bands in
    the long ones (80, not 320 and 160), half in the short ones; the mean over windows instead of their sum.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self.sample_rate_hz = sample_rate_hz

    @classmethod
    def build(cls, modality: Modality, spec: Spec) -> "MultiScaleMel":
        """For sounds like `spec`.

        Raises:
            RecipeError: samples have no sampling rate.
        """
        # Recipes are checked before data is read, and so before a rate is known.
        if "sample_rate_hz" not in spec.meta and spec.modality != "audio":
            raise RecipeError(f"the matching term 'mel' on {spec.modality}", "sounds", "remove it from game.matching")
        return cls(int(spec.meta.get("sample_rate_hz", 0)))

    def __call__(
        self, D: DiscriminatorNet | None, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw
    ) -> Tensor:
        """Waves `(batch, channels, samples)` -> `(batch,)`; D, cond and draw are not used."""
        gaps = []
        for window, bands in zip(WINDOWS, BANDS, strict=True):
            if window <= real.shape[-1]:
                mel = _mel(self.sample_rate_hz, window, bands).to(real.device)
                a, b = (mel(x.flatten(0, 1)).clamp_min(FLOOR).log10() for x in (real, fake))
                gaps.append((a - b).abs().flatten(1).mean(1).view(len(real), -1).mean(1))
        return torch.stack(gaps).mean(0) if gaps else (real - fake).abs().flatten(1).mean(1)


def log_mel_distance(real: Tensor, fake: Tensor, sample_rate_hz: int) -> Tensor:
    """Mean absolute difference of log-mel power (64 bands) in dB: two `(batch, channels, samples)` -> `(batch,)`."""
    return (log_mel(real, sample_rate_hz) - log_mel(fake, sample_rate_hz)).abs().flatten(1).mean(1)


@lru_cache(maxsize=16)
def _mel(sample_rate_hz: int, window: int, bands: int) -> nn.Module:
    from torchaudio.transforms import MelSpectrogram

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # low bands may be narrower than a bin; they stay at the floor
        mel: nn.Module = MelSpectrogram(sample_rate_hz, n_fft=window, hop_length=window // 4, n_mels=bands, power=1.0)
        return mel
