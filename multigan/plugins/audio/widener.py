"""What a narrow sound lacks above its highest frequency, made by blocks over frames; what it has stays as it is."""

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.mlp import Layers
from multigan.nets.sizes import Size
from multigan.plugins.audio.causal import Frames, window_of
from multigan.plugins.audio.frame_net import FrameNet
from multigan.plugins.audio.narrow import KEY, lower

__all__ = ["Widener", "build_widener"]

LOUDEST = 3.0
FLOOR = 1e-6
PERIOD = 1024
"""Frames after which the noise begins anew."""


class Widener(nn.Module):
    """`y = x + h - lower(h)`, h of bins above the cut: `L (a exp(i p) + m e)`.

    L is the level of the frame, e noise that is the same for every sound, a, p and m are said by the net of every bin.
    What h has below the cut is taken away over the whole sound at once: narrowed again, y is x to the rounding of
    float32. a and m begin near nothing: untrained, y is nearly x, which is what sinc interpolation gives.

    Args:
        sample_rate_hz: of the sounds.
        hertz: of the cut.
        width: channels of a frame.
        blocks: ConvNeXt blocks.

    Source: amplitudes and phases of bins: Siuzdak 2024 (Vocos), section 3.1; noise by its own amplitudes: Caillon &
        Esling 2021 (RAVE), section 3.2; spectra for bandwidth extension: Mandel et al. 2023 (AERO).
    Departures: convolutions over frames; the lower band is kept by projection.
    """

    noise: Tensor
    latent = Latent((0,))

    def __init__(self, sample_rate_hz: int, hertz: float, width: int, blocks: int) -> None:
        super().__init__()
        self.sample_rate_hz, self.hertz = sample_rate_hz, hertz
        self.frames = Frames(window_of(sample_rate_hz))
        self.low = int(hertz / sample_rate_hz * self.frames.window) + 1
        self.net = FrameNet(3 * self.low, width, blocks, 3 * (self.frames.bins - self.low))
        with torch.no_grad():
            self.net.out.weight.normal_(0.0, 0.01)
            self.net.out.bias.view(3, -1)[:2].fill_(-5.0)
        noise = Draw(0).normal("noise", (2, PERIOD, self.frames.bins - self.low)) / 2**0.5
        self.register_buffer("noise", noise, persistent=False)
        self.reach = self.net.reach + 4

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Narrow sounds `(batch, channels, samples)` of any length -> the same shape; each channel alone."""
        return source + self.upper(self.made(source))

    def upper(self, x: Tensor) -> Tensor:
        """What sounds `(..., samples)` have above the cut."""
        return x - lower(x, self.hertz, self.sample_rate_hz)

    def made(self, source: Tensor, first: int = 0) -> Tensor:
        """What the net adds, before what is below the cut is taken away; `first` is the number of the first frame."""
        x = source.flatten(0, 1)
        real, imaginary = self.frames.spectra(self.frames.cut(x)).chunk(2, -1)  # (n, t, bins)
        real, imaginary = real[..., : self.low], imaginary[..., : self.low]
        power = real.square() + imaginary.square()
        level = (power.mean(-1, keepdim=True) + FLOOR).sqrt()
        shrink = (power / level.square() + FLOOR).pow(-0.35) / level
        seen = torch.cat([real * shrink, imaginary * shrink, (power + FLOOR).log() / 4 + 1], -1)
        loud, hiss, turn = self.net(seen.transpose(1, 2)).chunk(3, -1)
        size, noise = level * loud.clamp_max(LOUDEST).exp(), level * hiss.clamp_max(LOUDEST).exp()
        places = (torch.arange(seen.shape[1], device=x.device) + first) % PERIOD
        e = self.noise[:, places]
        added = torch.stack([size * turn.cos() + noise * e[0], size * turn.sin() + noise * e[1]], 2)
        spectra = nn.functional.pad(added, (self.low, 0)).flatten(2)
        return self.frames.joined(self.frames.waves(spectra), x.shape[-1]).view_as(source)


def build_widener(spec: Spec, source: Spec, *, width: Size = 128, blocks: Layers = 4) -> Widener:
    """What narrow sounds like `source` lack beside sounds like `spec`.

    Args:
        spec: of a sound.
        source: of a narrow one.
        width: channels of a frame.
        blocks: ConvNeXt blocks.

    Raises:
        RecipeError: inputs are no narrow sounds.
    """
    if KEY not in source.meta or source.shape != spec.shape:
        given, fix = "the net 'widener' without narrow sounds", 'write [input] degrade = [{ name = "narrow" }]'
        raise RecipeError(given, "inputs that end at a frequency", fix, key=["net"])
    return Widener(int(spec.meta["sample_rate_hz"]), float(source.meta[KEY]), width, blocks)
