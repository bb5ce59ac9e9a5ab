"""D of mel spectra: a logit for every patch of bands and frames."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.sizes import Size
from multigan.plugins.audio.critics import Panel, classes_of, features_and_logits
from multigan.plugins.audio.mel_samples import scaled_mel_of

__all__ = ["MelCritic", "build_mel_critic"]

MOST = 8
"""Times the width that layers have at most."""


class MelCritic(nn.Module):
    """Convolutions over bands and frames, both halved by every layer but the last.

    Bands are no picture's rows: what is low is not what is high, moved. So each place is told its band.

    Args:
        bands: of a channel.
        channels: of a sound.
        width: feature maps of the first layer; they double, up to eight times.
        layers: that halve.

    Source: patches: Isola et al. 2017, section 6.1.2; of spectra: Kaneko et al. 2019 (CycleGAN-VC2), section 3.3.
    Departures: no norms; the band as an input (Liu et al. 2018, CoordConv).
    """

    place: Tensor

    def __init__(self, bands: int, channels: int, width: int, layers: int) -> None:
        super().__init__()
        maps = [channels + 1, *(width * min(MOST, 2**k) for k in range(layers + 1))]
        steps = [2] * layers + [1]
        self.layers = nn.ModuleList(
            nn.Conv2d(before, after, 4 if step == 2 else 3, step, 1)
            for before, after, step in zip(maps[:-1], maps[1:], steps, strict=True)
        )
        self.out, self.width, self.channels = nn.Conv2d(maps[-1], 1, 3, 1, 1), maps[-1], channels
        self.register_buffer("place", torch.linspace(-1, 1, bands)[None, None, :, None], persistent=False)

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Mel spectra `(batch, channels · bands, frames)` to logits `(batch, rows, columns)`; every layer's output."""
        seen = x.unflatten(1, (self.channels, -1))
        place = self.place.expand(len(x), -1, -1, x.shape[-1]).to(x.dtype)
        return features_and_logits(self.layers, self.out, torch.cat([seen, place], 1))


def build_mel_critic(
    spec: Spec, *, width: Size = 16, layers: Annotated[int, Field(ge=1, le=5)] = 2, conditional: bool = False
) -> nn.Module:
    """D for sounds as mel spectra: `(batch, channels · bands, frames)` to logits `(batch, rows, columns)`.

    Args:
        spec: what one spectrum is.
        width: feature maps of the first layer.
        layers: that halve bands and frames.
        conditional: take labels.

    Raises:
        RecipeError: samples are waves.
    """
    mel = scaled_mel_of(spec)
    if mel is None:
        given, fix = "the net 'mel-patch' on waves", 'type --set data.form="mel"'
        raise RecipeError(given, "sounds as mel spectra", fix, key=["net"])
    critic = MelCritic(mel.n_mels, spec.shape[0] // mel.n_mels, width, layers)
    return Panel([critic], classes_of(spec, conditional))
