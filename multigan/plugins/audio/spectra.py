"""How unlike two sounds are in spectra at several windows, loud and faint parts both counted."""

from functools import lru_cache
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import DiscriminatorNet, Modality, Spec
from multigan.plugins.audio.hiss import Hiss
from multigan.plugins.audio.mel_bank import mel_bank

__all__ = ["MultiScaleSpectra"]

WINDOWS = (2048, 512, 128)
BANDS = 80
COARSE = (8, 1)
FLOOR = 1e-8
"""Of powers, 1 being a sine at full scale: -80 dB."""
Weight = Annotated[float, Field(ge=0, le=1000)]


class MultiScaleSpectra:
    """`mean over windows of 10 |S^.5 - S'^.5| + logarithm * (L80 + coarse * (L8 + L1)) / 10`, of bins S.

    `Lk = |ln M - ln M'|` of the powers M of k bands: mel bands, and sums of neighbours among them. What is not learnt
    yet is blurred, and then fine bands are right for the most part while the whole is too quiet; few bands are not.

    A fake's noise may be told by how loud it is on average, and is then added to the powers of the rest.

    Args:
        sample_rate_hz: of the waves.
        logarithm: weight of the loudness of bands, powers of at least 1e-8. Where a penalty takes gradients of
            gradients, it is to be 0: the slope of a logarithm in silence has no bound worth the name.
        coarse: weight of eight bands and of one, beside that of 80.

    Source: Engel et al. 2020 (DDSP), Eq. 4, spectra at several scales; power compression: Braun & Tashev 2021.
    Departures: windows of half a window's hop, those longer than the wave left out (of waves with noise, but for the
        shortest); they stand elsewhere in every step, as an onset that always fell into the middle of one was learnt as
        a click; amplitudes are those of a sine.
    """

    def __init__(self, sample_rate_hz: int, logarithm: float, coarse: float = 0.0) -> None:
        self.sample_rate_hz, self.logarithm, self.coarse = sample_rate_hz, logarithm, coarse

    @classmethod
    def build(
        cls, modality: Modality, spec: Spec, *, logarithm: Weight = 1.0, coarse: Weight = 0.0
    ) -> "MultiScaleSpectra":
        """For sounds like `spec`.

        Raises:
            RecipeError: samples have no sampling rate.
        """
        # Recipes are checked before data is read, and so before a rate is known.
        if "sample_rate_hz" not in spec.meta and spec.modality != "audio":
            given = f"the matching term 'spectra' on {spec.modality}"
            raise RecipeError(given, "sounds", "remove it from game.matching")
        return cls(int(spec.meta.get("sample_rate_hz", 0)), logarithm, coarse)

    def __call__(
        self, D: DiscriminatorNet | None, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw
    ) -> Tensor:
        """Waves `(batch, channels, samples)` -> `(batch,)`; D and cond are not used, draw says where windows stand."""
        return self.expected(real, fake, None, draw)

    def expected(self, real: Tensor, fake: Tensor, hiss: Hiss | None, draw: Draw) -> Tensor:
        """The same of waves and their noise, which is not in the waves: `(batch,)`."""
        windows = [window for window in WINDOWS if window <= real.shape[-1]]
        if not windows and hiss is not None:  # else nothing would say how loud the noise is to be
            windows = [*WINDOWS[-1:]]
        if not windows:
            return (real - fake).abs().flatten(1).mean(1)
        return torch.stack([self._gap(real, fake, hiss, window, _late(window, draw)) for window in windows]).mean(0)

    def _gap(self, real: Tensor, fake: Tensor, hiss: Hiss | None, window: int, late: int) -> Tensor:
        a, b = (_powers(x.float().flatten(0, 1), window, late) for x in (real, fake))  # (B·C, T, bins)
        if hiss is not None:
            b = b + hiss.powers(window, late, b.shape[1])
        gap = 10 * (_root(a) - _root(b)).abs().flatten(1).mean(1)
        if self.logarithm:
            bank = _bank(window, self.sample_rate_hz).to(a.device)
            gap = gap + self.logarithm * self._loudness(a @ bank, b @ bank) / 10
        return gap.view(len(real), -1).mean(1)

    def _loudness(self, a: Tensor, b: Tensor) -> Tensor:
        """Powers of mel bands `(B·C, T, bands)`, twice, to how unlike their loudness is, `(B·C,)`."""
        gap = _apart(a, b)
        if self.coarse:
            few = (_apart(_summed(a, bands), _summed(b, bands)) for bands in COARSE)
            gap = gap + self.coarse * torch.stack([*few]).sum(0)
        return gap


def _apart(a: Tensor, b: Tensor) -> Tensor:
    return ((a + FLOOR).log() - (b + FLOOR).log()).abs().flatten(1).mean(1)


def _summed(power: Tensor, bands: int) -> Tensor:
    """`(..., n)` to `(..., bands)`: neighbours together."""
    return torch.stack([part.sum(-1) for part in power.tensor_split(bands, -1)], -1)


def _root(power: Tensor) -> Tensor:
    """The root of amplitudes: 60 dB become a factor of 32. A quarter of the time of another exponent."""
    return (power + FLOOR).sqrt().sqrt()


def _late(window: int, draw: Draw) -> int:
    """By how many samples windows of that length stand earlier in this step, on all ranks: from 0 to a hop."""
    return int(torch.randint(0, window // 2, (), generator=draw.generator(f"windows-{window}")))


def _powers(x: Tensor, window: int, late: int = 0) -> Tensor:
    """`(n, samples)` to `(n, frames, bins)`, after `late` samples of silence; a sine at full scale has 1."""
    shape = _window(window).to(x.device)
    x = nn.functional.pad(x, (late, 0))
    spectra = torch.stft(
        x, window, window // 2, window=shape, center=True, pad_mode="constant", return_complex=True
    ).transpose(1, 2)
    scale = 2 / shape.sum()
    powers: Tensor = (spectra.real.square() + spectra.imag.square()) * scale.square()
    return powers


@lru_cache(maxsize=16)
def _window(samples: int) -> Tensor:
    return torch.hann_window(samples)


@lru_cache(maxsize=16)
def _bank(window: int, sample_rate_hz: int) -> Tensor:
    return mel_bank(window // 2 + 1, sample_rate_hz, min(BANDS, window // 4))[0]
