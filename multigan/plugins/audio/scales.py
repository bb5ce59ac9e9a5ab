"""The multi-scale discriminator: sounds as they are, and smoothed and thinned by two and by four."""

import math
from typing import Annotated

from pydantic import Field
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from multigan.core.types import Spec
from multigan.nets.sizes import Size
from multigan.plugins.audio.critics import Panel, classes_of, features_and_logits
from multigan.plugins.audio.stages import wave_shape

__all__ = ["ScaleCritic", "build_scales"]

LAYERS = ((1, 15, 1, 1), (1, 41, 2, 4), (2, 41, 2, 16), (4, 41, 4, 16), (8, 41, 4, 16), (8, 41, 1, 16), (8, 5, 1, 1))
"""Channels over the width, kernel, stride and groups of every layer."""


class ScaleCritic(nn.Module):
    """Long filters with large strides over a wave that is thinned first.

    Args:
        channels: of a wave.
        width: channels of the first layer; the last three have 8 times as many.
        halvings: how often the wave is averaged over 4 samples and every second one kept.
        spectral: norm weights by their spectrum, else by their length.

    Source: Kumar et al. 2019 (MelGAN), section 2.2; Kong et al. 2020 (HiFi-GAN), section 2.3, with the layers of the
        authors' code.
    Departures: where a width does not divide by as many groups, there are fewer.
    """

    def __init__(self, channels: int, width: int, halvings: int, spectral: bool) -> None:
        super().__init__()
        self.halvings, self.width = halvings, 8 * width
        norm = spectral_norm if spectral else weight_norm
        layers, before = [], channels
        for times, kernel, stride, groups in LAYERS:
            after = times * width
            groups = math.gcd(groups, before, after)
            layers.append(norm(nn.Conv1d(before, after, kernel, stride, kernel // 2, groups=groups)))
            before = after
        self.layers, self.out = nn.ModuleList(layers), norm(nn.Conv1d(before, 1, 3, 1, 1))

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Waves `(batch, channels, samples)` to logits `(batch, steps)` and the features of every layer."""
        for _ in range(self.halvings):
            x = nn.functional.avg_pool1d(x, 4, 2, 2)
        return features_and_logits(self.layers, self.out, x)


def build_scales(
    spec: Spec,
    *,
    width: Size = 128,
    scales: Annotated[int, Field(ge=1, le=8)] = 3,
    conditional: bool = False,
) -> nn.Module:
    """HiFi-GAN's multi-scale discriminator for waves of `spec.shape` = (channels, samples).

    29,618,821 parameters with one channel, width 128 and three scales.

    Args:
        spec: what one wave is.
        width: channels of the first layer: 128 in the paper, 16 learns on a laptop.
        scales: the first hears the wave as it is, each further one half the rate.
        conditional: take labels.

    Source: Kong et al. 2020 (HiFi-GAN), section 2.3: the first scale with spectral norm, the others with weight norm.
    """
    channels, _ = wave_shape(spec)
    return Panel([ScaleCritic(channels, width, k, k == 0) for k in range(scales)], classes_of(spec, conditional))
