"""Waves from mel spectra: blocks over frames, and of every bin of every frame an amplitude and a phase."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.mlp import Layers
from multigan.nets.sizes import Size
from multigan.plugins.audio.causal import Frames
from multigan.plugins.audio.frame_net import FrameNet
from multigan.plugins.audio.mel_analysis import MelAnalysis
from multigan.plugins.audio.mel_definition import MelDefinition, mel_of

__all__ = ["FourierVocoder", "Vocoding", "build_vocoder", "framed", "given_mel"]

LOUDEST = 5.0
QUIET = -3.0


class Vocoding(nn.Module):
    """What all nets from mel spectra to waves share.

    Attributes:
        analysis: of the mel spectra.
        reach: frames on each side that a wave's piece depends on.
    """

    analysis: MelAnalysis
    reach: int
    latent = Latent((0,))

    def __init__(self, mel: MelDefinition) -> None:
        super().__init__()
        self.analysis, self.mel = MelAnalysis(mel), mel


class FourierVocoder(Vocoding):
    """`S = exp(a) exp(i p)` for every bin of every frame; waves are windows laid over one another.

    Args:
        mel: what is given.
        channels: of the waves; each has its own bands.
        width: channels of a frame.
        blocks: ConvNeXt blocks.

    Source: Siuzdak 2024 (Vocos), section 3.
    Departures: windows are four hops, whatever the transform of the mel spectra, and root-Hann before and after;
        amplitudes are bounded by e^5.
    """

    def __init__(self, mel: MelDefinition, channels: int, width: int, blocks: int) -> None:
        super().__init__(mel)
        self.channels, self.frames = channels, Frames(4 * mel.hop)
        outputs = 2 * channels * self.frames.bins
        self.net = FrameNet(channels * mel.n_mels, width, blocks, outputs, silent=False)
        nn.init.normal_(self.net.out.weight, 0.0, 0.02)
        with torch.no_grad():
            self.net.out.bias.view(2, -1)[0].fill_(QUIET)
        self.reach = self.net.reach + 4

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Mel spectra `(batch, channels · bands, frames)` to waves `(batch, channels, samples)`; z is empty."""
        said = self.net(framed(self.analysis.natural(source), self.mel))
        said = said.unflatten(2, (2, self.channels, -1)).permute(2, 0, 3, 1, 4)
        size, turn = said[0].flatten(0, 1).clamp_max(LOUDEST).exp(), said[1].flatten(0, 1)
        pieces = self.frames.waves(torch.cat([size * turn.cos(), size * turn.sin()], -1))
        wave = self.frames.joined(pieces, self.mel.samples(source.shape[-1]))
        return wave.view(source.shape[0], self.channels, -1)


def framed(x: Tensor, mel: MelDefinition) -> Tensor:
    """Frames `(batch, bands, frames)` as many as `Frames` cuts of the wave, ends repeated."""
    return F.pad(x, (1, 1 if mel.pad == "centre" else 2), "replicate")


def given_mel(spec: Spec, source: Spec, name: str) -> tuple[MelDefinition, int]:
    """The definition by which inputs were made, and the number of channels.

    Raises:
        RecipeError: inputs are no mel spectra of sounds like `spec`.
    """
    mel = mel_of(source)
    if mel is None:
        given, fix = f"the net '{name}' without mel spectra", 'write [input] degrade = [{ name = "mel" }]'
        raise RecipeError(given, "inputs that are mel spectra", fix, key=["net"])
    if len(spec.shape) != 2 or spec.shape != (source.shape[0] // mel.n_mels, mel.samples(source.shape[1])):
        given = f"mel spectra of {source.shape} for sounds of {spec.shape}"
        raise RecipeError(given, "spectra of these sounds", "let the mel spectra be the last degradation", key=["net"])
    return mel, spec.shape[0]


def build_vocoder(spec: Spec, source: Spec, *, width: Size = 128, blocks: Layers = 4) -> FourierVocoder:
    """A vocoder from mel spectra like `source` to sounds like `spec`.

    Args:
        spec: of a sound.
        source: of its mel spectrum.
        width: channels of a frame: 512 in the paper.
        blocks: 8 in the paper.

    Raises:
        RecipeError: inputs are no mel spectra.

    Source: Siuzdak 2024 (Vocos), section 3.
    """
    return FourierVocoder(*given_mel(spec, source, "vocoder"), width, blocks)
