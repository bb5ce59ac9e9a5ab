"""HiFi-GAN's generator: frames become samples by transposed convolutions, and filters of several reaches."""

import math
from typing import Annotated, NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.sizes import SizeOrNone
from multigan.plugins.audio.mel_definition import MelDefinition
from multigan.plugins.audio.vocoder import Vocoding, given_mel

__all__ = ["VERSIONS", "HifiGan", "build_hifigan", "rates_of"]

SLOPE, LAST_SLOPE = 0.1, 0.01
LARGEST_RATE = 16
Version = Annotated[int, Field(ge=1, le=3)]
Rates = Annotated[tuple[Annotated[int, Field(ge=2, le=LARGEST_RATE)], ...], Field(max_length=8)]


class Sizes(NamedTuple):
    """What tells the versions apart.

    Attributes:
        width: channels of the first layer.
        rates: of the transposed convolutions where hops are 256 samples.
        kernels: of the stacks that stand side by side.
        dilations: of each stack's convolutions.
        double: whether a convolution without dilation follows each.
    """

    width: int
    rates: tuple[int, ...]
    kernels: tuple[int, ...]
    dilations: tuple[tuple[int, ...], ...]
    double: bool


VERSIONS = {
    1: Sizes(512, (8, 8, 2, 2), (3, 7, 11), ((1, 3, 5),) * 3, True),
    2: Sizes(128, (8, 8, 2, 2), (3, 7, 11), ((1, 3, 5),) * 3, True),
    3: Sizes(256, (8, 8, 4), (3, 5, 7), ((1, 2), (2, 6), (3, 12)), False),
}


class _Stack(nn.Module):
    """Dilated convolutions with a way around each: `(batch, width, samples)` to the same."""

    def __init__(self, width: int, kernel: int, dilations: tuple[int, ...], double: bool) -> None:
        super().__init__()
        wide = [nn.Conv1d(width, width, kernel, dilation=d, padding=(kernel - 1) // 2 * d) for d in dilations]
        near = [nn.Conv1d(width, width, kernel, padding=kernel // 2) for _ in dilations if double]
        for conv in (*wide, *near):
            nn.init.normal_(conv.weight, 0.0, 0.01)
        self.wide, self.near = nn.ModuleList(wide), nn.ModuleList(near)

    def forward(self, x: Tensor) -> Tensor:
        for number, conv in enumerate(self.wide):
            change = conv(F.leaky_relu(x, SLOPE))
            if self.near:
                change = self.near[number](F.leaky_relu(change, SLOPE))
            x = x + change
        return x


class HifiGan(Vocoding):
    """Mel spectra to waves.

    Args:
        mel: what is given.
        channels: of the waves; each has its own bands.
        sizes: of the version.
        rates: of the transposed convolutions; their product is the hop.
        normed: whether weights are normed by their length.

    Source: Kong et al. 2020 (HiFi-GAN), section 2.2 and appendix A, table 5, with the slopes of the authors' code.
        Without weight norm 13,926,017, 925,985 and 1,462,273 parameters in versions 1, 2 and 3 with 80 bands.
    Departures: spectra are brought to about -2 to 2 first; other hops than 256 have rates of their own.
    """

    def __init__(self, mel: MelDefinition, channels: int, sizes: Sizes, rates: tuple[int, ...], normed: bool) -> None:
        super().__init__(mel)
        self.channels = channels
        widths = [max(1, sizes.width // 2**k) for k in range(len(rates) + 1)]
        self.first = nn.Conv1d(channels * mel.n_mels, widths[0], 7, padding=3)
        self.ups, self.stacks = nn.ModuleList(), nn.ModuleList()
        for before, after, rate in zip(widths, widths[1:], rates, strict=False):
            kernel = 2 * rate + rate % 2
            up = nn.ConvTranspose1d(before, after, kernel, rate, (kernel - rate) // 2)
            nn.init.normal_(up.weight, 0.0, 0.01)
            self.ups.append(up)
            pairs = zip(sizes.kernels, sizes.dilations, strict=True)
            self.stacks.append(nn.ModuleList(_Stack(after, k, d, sizes.double) for k, d in pairs))
        self.last = nn.Conv1d(widths[-1], channels, 7, padding=3)
        nn.init.normal_(self.last.weight, 0.0, 0.01)
        if normed:
            for module in [m for m in self.modules() if isinstance(m, nn.Conv1d | nn.ConvTranspose1d)]:
                weight_norm(module, dim=0)
        self.reach = _reach(sizes, rates)

    def forward(self, z: Tensor, cond: Tensor | None = None, draw: Draw | None = None, *, source: Tensor) -> Tensor:
        """Mel spectra `(batch, channels · bands, frames)` to waves `(batch, channels, samples)`; z is empty."""
        x = self.first(self.analysis.natural(source))
        for up, stacks in zip(self.ups, self.stacks, strict=True):
            x = up(F.leaky_relu(x, SLOPE))
            x = torch.stack([stack(x) for stack in stacks]).mean(0)  # type: ignore[attr-defined]
        wave = torch.tanh(self.last(F.leaky_relu(x, LAST_SLOPE)))
        if self.mel.pad == "same":
            return wave
        half = self.mel.hop // 2  # frames are centred on whole hops, and a hop of samples on its middle
        return wave[..., half : half + self.mel.samples(source.shape[-1])]


def _reach(sizes: Sizes, rates: tuple[int, ...]) -> int:
    """Frames on each side that a sample depends on."""
    inside = max(
        sum((kernel - 1) // 2 * (d + sizes.double) for d in dilations)
        for kernel, dilations in zip(sizes.kernels, sizes.dilations, strict=True)
    )
    frames, product = 3.0, 1
    for rate in rates:
        frames += 1 / product
        product *= rate
        frames += inside / product
    return math.ceil(frames + 3 / product) + 1


def rates_of(hop: int, sizes: Sizes) -> tuple[int, ...]:
    """Rates whose product is the hop, the largest first: those of the paper where they fit.

    Raises:
        RecipeError: the hop has a factor that is too large.
    """
    if math.prod(sizes.rates) == hop:
        return sizes.rates
    found, left = list[int](), hop
    while left > 1:
        rate = next((r for r in (8, 7, 6, 5, 4, 3, 2, 11, 13) if left % r == 0), 0)
        if not rate:
            given, wanted = f"mel spectra with hop = {hop}", "a hop that is a product of numbers up to 13"
            raise RecipeError(given, wanted, "correct hop in input.degrade, or use the net 'vocoder'", key=["net"])
        found.append(rate)
        left //= rate
    return tuple(sorted(found, reverse=True))


def build_hifigan(
    spec: Spec, source: Spec, *, version: Version = 2, width: SizeOrNone = 0, rates: Rates = (), normed: bool = True
) -> HifiGan:
    """HiFi-GAN's generator from mel spectra like `source` to sounds like `spec`.

    Args:
        spec: of a sound.
        source: of its mel spectrum.
        version: 1 (13.9 million parameters), 2 (0.9) or 3 (1.5).
        width: channels of the first layer; 0 = the version's: 512, 128, 256.
        rates: of the transposed convolutions, whose product is the hop; none = those of the paper where they fit.
        normed: norm weights by their length while training.

    Raises:
        RecipeError: inputs are no mel spectra, or rates do not multiply to the hop.

    Source: Kong et al. 2020 (HiFi-GAN).
    """
    mel, channels = given_mel(spec, source, "hifigan")
    sizes = VERSIONS[version]
    chosen = rates or rates_of(mel.hop, sizes)
    if math.prod(chosen) != mel.hop:
        given = f"rates = {list(chosen)}, whose product is {math.prod(chosen):,}"
        raise RecipeError(given, f"rates whose product is the hop, {mel.hop}", "leave them out", key=["rates"])
    return HifiGan(mel, channels, sizes._replace(width=width) if width else sizes, chosen, normed)
