"""Griffin-Lim between two corrections that begin at nothing: of the sizes that it is given, and of its wave."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.nets.mlp import Layers
from multigan.nets.sizes import Size
from multigan.plugins.audio.causal import Frames
from multigan.plugins.audio.frame_net import FrameNet
from multigan.plugins.audio.griffin_lim import griffin_lim, through
from multigan.plugins.audio.mel_definition import MelDefinition
from multigan.plugins.audio.mel_picture import in_float32
from multigan.plugins.audio.vocoder import Vocoding, framed, given_mel

__all__ = ["Refiner", "build_refiner"]

Iterations = Annotated[int, Field(ge=0, le=1000)]
FLOOR = 1e-6
"""Of powers that are compressed."""
LARGEST = 6.0
"""Of the logarithm of a gain."""


class Refiner(Vocoding):
    """`M' = |e^a M + b E|`, `g = GriffinLim(M')`, `y = g + istft(c S + d M')`.

    M are sizes of bins that explain the mel spectrum, E the mean size of each band, S the spectrum of g. a and b are
    made of the mel spectrum by blocks over frames: how a voice's harmonics lie within bands. c and d, complex numbers
    of every bin, are made of all that is known by then. All four begin at zero, so that the untrained net is
    Griffin-Lim bit for bit. Phases count as constants for gradients, which reach M' as if they stayed.

    Args:
        mel: what is given.
        channels: of the waves; each goes through the net alone.
        width: channels of a frame.
        blocks: ConvNeXt blocks, before Griffin-Lim and after it.
        iterations: of Griffin-Lim.

    Source: Griffin & Lim 1984; a learnt correction of its iterations: Masuyama et al. 2019 (DeGLI); blocks: Siuzdak
        2024 (Vocos), section 3.2.
    Departures: one correction before all iterations and one after, not one between each two.
    """

    def __init__(self, mel: MelDefinition, channels: int, width: int, blocks: int, iterations: int) -> None:
        super().__init__(mel)
        self.channels, self.iterations, self.frames = channels, iterations, Frames(4 * mel.hop)
        bins = self.frames.bins
        self.front = FrameNet(mel.n_mels, width, blocks, 2 * (mel.n_fft // 2 + 1))
        self.back = FrameNet(mel.n_mels + 3 * bins, width, blocks, 4 * bins)
        self.reach = 2 * (self.front.reach + 2) + (iterations + 1) * (mel.n_fft // mel.hop)

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Mel spectra `(batch, channels · bands, frames)` to waves `(batch, channels, samples)`; z is empty."""
        bands = self.analysis.natural(source).unflatten(1, (-1, self.mel.n_mels)).flatten(0, 1)
        asked = self._asked(source, bands)
        wave = self._searched(asked)
        near = self._near(asked)
        real, imaginary = self.frames.spectra(self.frames.cut(wave)).chunk(2, -1)  # (n, t, bins)
        shrink = (real.square() + imaginary.square() + FLOOR).pow(-0.35)
        seen = torch.cat([real * shrink, imaginary * shrink, (near.square() + FLOOR).pow(0.15)], -1)
        said = self.back(torch.cat([framed(bands, self.mel), seen.transpose(1, 2)], 1))
        a, b, c, d = said.chunk(4, -1)
        change = torch.cat([a * real - b * imaginary + c * near, a * imaginary + b * real + d * near], -1)
        made = wave + self.frames.joined(self.frames.waves(change), wave.shape[-1])
        sounds: Tensor = made.view(source.shape[0], self.channels, -1)
        return sounds

    def _asked(self, source: Tensor, bands: Tensor) -> Tensor:
        """Sizes `(n, bins, frames)` that a wave is looked for with."""
        with torch.no_grad():
            sizes, means = self.analysis.sizes(source), self.analysis.means(source)
        gain, more = self.front(bands).transpose(1, 2).chunk(2, 1)
        asked: Tensor = (sizes * gain.clamp(-LARGEST, LARGEST).exp() + means * more).abs()
        return asked

    def _searched(self, asked: Tensor) -> Tensor:
        """Griffin-Lim's waves `(n, samples)`; gradients reach the sizes as if the phases stayed."""
        with in_float32(asked.device.type):
            wave = griffin_lim(self.analysis, asked, self.iterations)
            if not (torch.is_grad_enabled() and asked.requires_grad):
                return wave
            turned = through(self.analysis, asked, wave)
            return wave + (turned - turned.detach())

    def _near(self, asked: Tensor) -> Tensor:
        """Sizes at the bins of the last transform, `(n, t, bins)`."""
        near = framed(asked, self.mel).transpose(1, 2)
        if near.shape[-1] != self.frames.bins:
            near = F.interpolate(near, size=self.frames.bins, mode="linear", align_corners=True)
        return near


def build_refiner(
    spec: Spec, source: Spec, *, width: Size = 128, blocks: Layers = 4, iterations: Iterations = 16
) -> Refiner:
    """Griffin-Lim from mel spectra like `source` to sounds like `spec`, and its correction.

    Args:
        spec: of a sound.
        source: of its mel spectrum.
        width: channels of a frame.
        blocks: ConvNeXt blocks.
        iterations: of Griffin-Lim.

    Raises:
        RecipeError: inputs are no mel spectra.
    """
    mel, channels = given_mel(spec, source, "refiner")
    return Refiner(mel, channels, width, blocks, iterations)
