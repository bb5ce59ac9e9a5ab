"""From one kind of sound to another: blocks over the frames of mel spectra, whose correction begins at nothing."""

from typing import Any

from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.mlp import Layers
from multigan.nets.sizes import Size
from multigan.plugins.audio.frame_net import FrameNet
from multigan.plugins.audio.mel_definition import MelDefinition
from multigan.plugins.audio.mel_samples import scaled_mel_of

__all__ = ["Timbre", "build_timbre"]


class Timbre(nn.Module):
    """`y = x + c(x)`, x and y mel spectra in D's space; c begins at zero, so that the untrained net copies bit for bit.

    Each channel of a sound goes through it alone.

    Args:
        mel: what a spectrum is.
        width: channels of a frame.
        blocks: ConvNeXt blocks.

    Attributes:
        feature_maps: channels of what `features` gives.
        reach: frames on each side that a frame of y depends on.

    Source: spectra translated by convolutions over frames: Kaneko & Kameoka 2018 (CycleGAN-VC), section 3; blocks:
        Siuzdak 2024 (Vocos), section 3.2.
    Departures: mel spectra in place of cepstra, so that pitch is translated as well; a correction of the input.
    """

    latent = Latent((0,))

    def __init__(self, mel: MelDefinition, width: int, blocks: int) -> None:
        super().__init__()
        self.mel, self.net = mel, FrameNet(mel.n_mels, width, blocks, mel.n_mels)
        self.reach, self.feature_maps = self.net.reach, (mel.n_mels, *[width] * blocks)

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Mel spectra `(batch, channels · bands, frames)` of any length to the same shape; z is empty."""
        x = source.unflatten(1, (-1, self.mel.n_mels)).flatten(0, 1)
        made: Tensor = (x + self.net(x).transpose(1, 2)).view_as(source)
        return made

    def features(self, source: Tensor) -> list[Tensor]:
        """What the input is, and what blocks make of it: `(batch · channels, feature_maps[k], frames)` each."""
        seen = source.unflatten(1, (-1, self.mel.n_mels)).flatten(0, 1)
        x, found = self.net.before(self.net.first(seen).transpose(1, 2)).transpose(1, 2), [seen]
        for block in self.net.blocks:
            x = block(x)
            found.append(x)
        return found


def build_timbre(spec: Spec, source: Spec, *, width: Size = 128, blocks: Layers = 4) -> Timbre:
    """From sounds like `source` to sounds like `spec`, both as mel spectra.

    Args:
        spec: of a sample.
        source: of an input.
        width: channels of a frame.
        blocks: ConvNeXt blocks.

    Raises:
        RecipeError: samples are waves, or the two spectra are not alike.
    """
    mel = scaled_mel_of(spec)
    if mel is None:
        given, fix = "the net 'timbre' on waves", 'type --set data.form="mel"'
        raise RecipeError(given, "sounds as mel spectra", fix, key=["net"])
    if scaled_mel_of(source) != mel or source.shape != spec.shape:
        given = f"inputs of {source.shape} at {_rate(source)} Hz for sounds of {spec.shape} at {_rate(spec)} Hz"
        fix = f"type --set data.sample_rate_hz={_rate(spec)}"
        raise RecipeError(given, "one shape and one rate", fix, key=["net"])
    return Timbre(mel, width, blocks)


def _rate(spec: Spec) -> Any:
    return spec.meta.get("sample_rate_hz")
