"""The multi-resolution spectral discriminator: what loudness over time and frequency a sound has, at three windows."""

import math
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from multigan.core.types import Spec
from multigan.nets.sizes import Size
from multigan.plugins.audio.critics import Panel, classes_of, features_and_logits
from multigan.plugins.audio.mel_picture import in_float32
from multigan.plugins.audio.stages import wave_shape

__all__ = ["SpectrumCritic", "build_spectra", "windows_of"]

POWER = 0.3
FLOOR = 1e-6
"""Of powers, 1 being a sine at full scale: below -60 dB amplitudes are no longer compressed."""
SECONDS = (0.064, 0.032, 0.016)
LEAST_WINDOW, MOST_WINDOW = 16, 2**16
Window = Annotated[int, Field(ge=LEAST_WINDOW, le=MOST_WINDOW)]
Seen = Literal["size", "complex"]


class SpectrumCritic(nn.Module):
    """Convolutions over the compressed spectrum of a wave.

    `(|S|² + ε)^.15`, or `S (|S|² + ε)^-.35`, real and imaginary part: 60 dB become a factor of 8. There is no
    logarithm: the slope of one in silence has no bound, and a gradient penalty would be made of it alone.

    Args:
        channels: of a wave.
        window: samples; frames are a quarter of it apart.
        width: channels of every layer.
        seen: `"size"` of every bin, or `"complex"`: the phase too.

    Source: Jang et al. 2021 (UnivNet), section 2.2, layers as in its table 2; complex spectra: Défossez et al. 2022
        (EnCodec), section 3.4; compression by |S|^.3: Braun & Tashev 2021.
    Departures: compressed; windows follow the rate.
    """

    shape: Tensor

    def __init__(self, channels: int, window: int, width: int, seen: Seen) -> None:
        super().__init__()
        self.window, self.width, self.seen = window, width, seen
        maps = channels * (2 if seen == "complex" else 1)
        layers = [nn.Conv2d(maps, width, (3, 9), 1, (1, 4))]
        layers += [nn.Conv2d(width, width, (3, 9), (1, 2), (1, 4)) for _ in range(3)]
        layers += [nn.Conv2d(width, width, 3, 1, 1)]
        self.layers = nn.ModuleList(weight_norm(layer) for layer in layers)
        self.out = weight_norm(nn.Conv2d(width, 1, 3, 1, 1))
        self.register_buffer("shape", torch.hann_window(window), persistent=False)

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Waves `(batch, channels, samples)` to logits `(batch, frames, bins / 8)` and the features of every layer."""
        return features_and_logits(self.layers, self.out, self.heard(x))

    def heard(self, x: Tensor) -> Tensor:
        """Waves `(batch, channels, samples)` to what layers see, `(batch, channels or 2 channels, frames, bins)`."""
        with in_float32(x.device.type):
            wave = F.pad(x.float().flatten(0, 1), (self.window // 2, self.window // 2))
            frames = wave.unfold(-1, self.window, self.window // 4) * self.shape
            spectra = torch.fft.rfft(frames) * (2 / self.shape.sum())
            power = spectra.real.square() + spectra.imag.square() + FLOOR
            if self.seen == "size":
                parts = power.pow(POWER / 2)[:, None]
            else:
                parts = torch.stack([spectra.real, spectra.imag], 1) * power.pow((POWER - 1) / 2)[:, None]
        seen: Tensor = parts.view(x.shape[0], -1, *parts.shape[2:])
        return seen


def windows_of(sample_rate_hz: int) -> tuple[int, ...]:
    """Samples of about 64, 32 and 16 ms, powers of two: (512, 256, 128) at 8,000 Hz."""
    wanted = [2 ** round(math.log2(seconds * sample_rate_hz)) for seconds in SECONDS]
    return tuple(max(LEAST_WINDOW, window) for window in wanted)


def build_spectra(
    spec: Spec,
    *,
    width: Size = 32,
    windows: Annotated[tuple[Window, ...], Field(max_length=8)] = (),
    seen: Seen = "complex",
    conditional: bool = False,
) -> nn.Module:
    """A discriminator of spectra at several windows for waves of `spec.shape` = (channels, samples).

    280,902 parameters with one channel, width 32, three windows and sizes alone.

    Args:
        spec: what one wave is.
        width: channels of every layer: 32 in the paper, 8 learns on a laptop.
        windows: in samples; none = about 64, 32 and 16 ms.
        seen: `size` of every bin as in the paper, or `complex`: the phase too.
        conditional: take labels.

    Source: Jang et al. 2021 (UnivNet), section 2.2.
    """
    channels, _ = wave_shape(spec)
    chosen = windows or windows_of(int(spec.meta["sample_rate_hz"]))
    critics = [SpectrumCritic(channels, window, width, seen) for window in chosen]
    return Panel(critics, classes_of(spec, conditional))
