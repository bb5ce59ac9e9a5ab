"""Waves to mel spectra by a definition, and mel spectra back to sizes of bins, which know nothing of phases."""

import math
import warnings

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from multigan.plugins.audio.mel_definition import MelDefinition
from multigan.plugins.audio.mel_picture import in_float32

__all__ = ["MelAnalysis"]

UNDER_ROOT = 1e-9
UPDATES = 30
"""Of sizes of bins: with 30, voices came back as near as with a solver that takes a hundred times as long."""
LEAST = 1e-5


class MelAnalysis(nn.Module):
    """Waves `(batch, channels, samples)` to `(batch, channels · bands, frames)`, and towards the way back.

    Args:
        mel: the definition.

    Source: bands by torchaudio. Sizes of bins: Lee & Seung 2001, multiplicative updates for the Euclidean distance,
        from the pseudo-inverse on.
    Departures: 1e-9 is added to powers before the root, as HiFi-GAN's code (Kong et al. 2020) does.
    """

    window: Tensor
    bank: Tensor
    inverse: Tensor

    def __init__(self, mel: MelDefinition) -> None:
        super().__init__()
        from torchaudio.functional import melscale_fbanks

        self.mel = mel
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # low bands may be narrower than a bin; they stay at the floor
            norm = "slaney" if mel.norm else None
            bank = melscale_fbanks(
                mel.n_fft // 2 + 1, mel.fmin, mel.fmax, mel.n_mels, mel.sample_rate_hz, norm, mel.scale
            )
        self.register_buffer("window", torch.hann_window(mel.window), persistent=False)
        self.register_buffer("bank", bank.T.contiguous(), persistent=False)  # (bands, bins)
        self.register_buffer("inverse", torch.linalg.pinv(bank.T.double()).float(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Waves to mel spectra."""
        return self.of_padded(F.pad(x, (self.mel.mirrored, self.mel.mirrored), "reflect"))

    def of_padded(self, x: Tensor) -> Tensor:
        """The same of waves that are mirrored at their ends, or of parts of such."""
        mel = self.mel
        with in_float32(x.device.type):
            flat = x.float().flatten(0, 1)
            spectra = torch.stft(flat, mel.n_fft, mel.hop, mel.window, self.window, center=False, return_complex=True)
            power = spectra.real.square() + spectra.imag.square() + UNDER_ROOT
            bands = self.bank @ (power if mel.power == 2 else power.sqrt())
            return self._log(bands.clamp_min(mel.floor)).view(x.shape[0], -1, bands.shape[-1])

    def loudest(self) -> float:
        """The amplitude (or power) of a band in which a sine at full scale lies as well as can be.

        Under a Hann window such a sine is a quarter of the window's samples in its own bin, and half of that in both
        of its neighbours.
        """
        beside = 0.5**self.mel.power
        bins = torch.tensor([[[beside, 1.0, beside]]], dtype=torch.float64, device=self.bank.device)
        spread = F.conv1d(self.bank[:, None].double(), bins, padding=1)
        loudest: float = float(spread.max()) * (self.mel.window / 4) ** self.mel.power
        return loudest

    def bounds(self) -> tuple[float, float]:
        """The least and the largest value of a mel spectrum: the floor's, and that of a sine at full scale."""
        ends = torch.tensor([self.mel.floor, max(self.mel.floor, self.loudest())])
        low, high = self._log(ends).tolist()
        return low, high

    def sizes(self, spectra: Tensor) -> Tensor:
        """Mel spectra `(batch, channels · bands, frames)` to amplitudes `(batch · channels, bins, frames)`."""
        bands = self._unlog(spectra.float().unflatten(1, (-1, self.mel.n_mels)).flatten(0, 1))
        sizes = (self.inverse @ bands).clamp_min(LEAST)
        wanted, gram = self.bank.T @ bands, self.bank.T @ self.bank
        for _ in range(UPDATES):
            sizes = sizes * wanted / (gram @ sizes).clamp_min(1e-10)
        return sizes.sqrt() if self.mel.power == 2 else sizes

    def means(self, spectra: Tensor) -> Tensor:
        """The mean amplitude of the bands around each bin: mel spectra to `(batch · channels, bins, frames)`."""
        bands = self._unlog(spectra.float().unflatten(1, (-1, self.mel.n_mels)).flatten(0, 1))
        spread = (self.bank / self.bank.sum(0).clamp_min(1e-12)).T / self.bank.sum(1).clamp_min(1e-12)
        means = spread @ bands
        return means.sqrt() if self.mel.power == 2 else means

    def _log(self, bands: Tensor) -> Tensor:
        log = self.mel.log
        if log == "none":
            return bands
        return bands.log() if log == "ln" else bands.log10() * (self._decibels if log == "db" else 1)

    def _unlog(self, bands: Tensor) -> Tensor:
        log = self.mel.log
        if log == "none":
            return bands
        return bands.exp() if log == "ln" else 10 ** (bands / (self._decibels if log == "db" else 1))

    def natural(self, spectra: Tensor) -> Tensor:
        """Spectra of any definition as natural logarithms of amplitudes, about -2 to 2: what nets look at."""
        log, half = self.mel.log, 1 / self.mel.power
        if log == "none":
            logs = spectra.clamp_min(self.mel.floor).log()
        else:
            logs = spectra if log == "ln" else spectra * (math.log(10) / (self._decibels if log == "db" else 1))
        return logs * half / 4 + 1

    @property
    def _decibels(self) -> float:
        return 20 / self.mel.power
