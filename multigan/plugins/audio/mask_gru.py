"""What is noise in a sound and what is not: a mask over its spectra by a recurrent net that never looks ahead."""

import math
from typing import Annotated, NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Latent, Spec
from multigan.nets.sizes import Size
from multigan.plugins.audio.causal import Frames, window_of

__all__ = ["MaskGRU", "State", "build_mask_gru"]

LOUDEST = 1.5
"""What a mask multiplies by at most."""
MEMORY_SECONDS = 1.5
"""After which the level of what was heard counts 1/e."""
BLOCK = 64
"""Frames whose levels are found at a time."""
FAINT = 1e-6
"""Of a bin's power beside the level: what lies 60 dB below is all one."""


class State(NamedTuple):
    """What the net knows of what went before.

    Attributes:
        hidden: of the recurrent layers, `(layers, batch, width)`.
        power: of frames, summed with weights that fade, `(batch,)`.
        weight: sum of these weights, `(batch,)`.
    """

    hidden: Tensor
    power: Tensor
    weight: Tensor


class MaskGRU(nn.Module):
    """Sound -> sound: `Y = 1.5 sigmoid(a) exp(i tanh b) X` for every bin, with a and b from a causal GRU.

    The net looks at log powers relative to the level so far, so that it does the same to loud and to faint sounds.
    The untrained net gives what it was given. Channels go through it one by one.

    Args:
        window: samples of a frame.
        sample_rate_hz: of the sounds.
        width: of the recurrent layers.
        layers: how many.

    Source: masks by recurrent nets on spectra: Weninger et al. 2015; bounded complex masks: Williamson et al. 2016,
        section III.
    Departures: magnitude and phase bounded apart, levels that fade, and a start at the input itself.
    """

    def __init__(self, window: int, sample_rate_hz: int, width: int, layers: int) -> None:
        super().__init__()
        self.latent, self.sample_rate_hz = Latent((0,)), sample_rate_hz
        self.frames = Frames(window)
        self.first = nn.Linear(self.frames.bins, width)
        self.gru = nn.GRU(width, width, layers, batch_first=True)
        self.last = nn.Linear(width, 2 * self.frames.bins)
        nn.init.zeros_(self.last.weight)
        with torch.no_grad():
            size, turn = self.last.bias.view(2, -1)
            size.fill_(math.log(1 / (LOUDEST - 1)))  # where 1.5 sigmoid = 1
            turn.zero_()
        self.fade = math.exp(-self.frames.hop / (MEMORY_SECONDS * sample_rate_hz))

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Inputs `(batch, channels, samples)` of any length -> the same shape; z is empty."""
        x = source.flatten(0, 1)
        pieces, _ = self.step(self.frames.cut(x), self.start(x))
        return self.frames.joined(pieces, x.shape[-1]).view_as(source)

    def start(self, x: Tensor) -> State:
        """What is known of sounds `(batch, ...)` before they begin."""
        none = x.new_zeros(x.shape[0])
        return State(x.new_zeros(self.gru.num_layers, x.shape[0], self.gru.hidden_size), none, none)

    def step(self, frames: Tensor, state: State) -> tuple[Tensor, State]:
        """The next frames `(batch, t, window)` -> pieces of that shape to be added up, and what is known then."""
        real, imaginary = self.frames.spectra(frames).chunk(2, -1)  # (B, t, bins)
        power = real.square() + imaginary.square()
        level, summed, weight = self._levels(power.mean(-1), state.power, state.weight)
        seen = (power / (level[..., None] + 1e-12) + FAINT).log() / 4
        hidden, last = self.gru(F.leaky_relu(self.first(seen), 0.1), state.hidden)
        size, turn = self.last(hidden).chunk(2, -1)
        size, turn = LOUDEST * size.sigmoid(), turn.tanh()
        cos, sin = size * turn.cos(), size * turn.sin()
        masked = torch.cat([real * cos - imaginary * sin, real * sin + imaginary * cos], -1)
        return self.frames.waves(masked), State(last, summed, weight)

    def _levels(self, power: Tensor, summed: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Mean power so far at every frame `(batch, t)`, older frames fading, and the two sums behind it."""
        found = list[Tensor]()
        for part in power.split(BLOCK, 1):
            t = part.shape[1]
            age = torch.arange(t, device=part.device)
            fading = (self.fade ** (age[:, None] - age).clamp_min(0)).tril()  # (t, t): frame k at frame j
            old = self.fade ** (age + 1.0)
            sums = part @ fading.T + summed[:, None] * old
            weights = fading.sum(1) + weight[:, None] * old
            summed, weight = sums[:, -1], weights[:, -1]
            found.append(sums / weights)
        return torch.cat(found, 1), summed, weight


def build_mask_gru(
    spec: Spec,
    source: Spec,
    *,
    width: Size = 128,
    layers: Annotated[int, Field(ge=1, le=16)] = 2,
) -> MaskGRU:
    """A mask for sounds like `source`, which are to be like `spec`.

    Raises:
        RecipeError: the two have other shapes or rates.
    """
    rates = [one.meta.get("sample_rate_hz") for one in (spec, source)]
    if spec.shape != source.shape or rates[0] != rates[1]:
        given = f"inputs of {source.shape} at {rates[1]} Hz for sounds of {spec.shape} at {rates[0]} Hz"
        raise RecipeError(given, "one shape and one rate", "leave data.samples and channels as they are", key=["net"])
    rate = int(spec.meta["sample_rate_hz"])
    return MaskGRU(window_of(rate), rate, width, layers)
