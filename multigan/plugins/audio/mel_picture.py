"""Waves to pictures of their loudness over mel bands and time, and back: the phase, which they lack, is found again."""

import math
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.plugins.audio.mel_bank import mel_bank

__all__ = ["MelPicture", "in_float32"]

OVERLAP = 4
"""Hops of a window: with a Hann window the spectra say the sound more than twice over, as finding phases needs."""
HOP_SECONDS, MOST_FRAMES = 0.016, 96
"""Of a column, unless there would be more of these: then columns are longer."""
LEAST_HOP = 16  # samples
FLOOR_DB = -80.0
TINY = 1e-18


class MelPicture(nn.Module):
    """Waves `(batch, channels, samples)` to `(batch, channels, bands, frames)` in about [-1, 1], and back.

    -80 dB is -1 and 0 dB, a sine at full scale that is alone in its band, is 1.

    Args:
        samples: length of a wave.
        sample_rate_hz: its rate.
        bands: mel bands at the most; short windows have fewer, a quarter of their samples.
        iterations: of the search for phases.
        hop_seconds: of a column, before that is rounded to a power of two of samples.
        most_frames: columns are longer where there would be more.

    Source: Donahue, McAuley & Puckette 2019 (SpecGAN), section 3, for pictures and Griffin-Lim behind the generator;
        Griffin & Lim 1984, for phases.
    Departures: mel bands, one scale for all; phases start from the same noise for every wave, so that a picture is one
        sound; they count as constants for gradients, which go through the loudness alone.
    """

    window: Tensor
    narrow: Tensor
    wide: Tensor
    phase: Tensor
    overlap: Tensor

    def __init__(
        self,
        samples: int,
        sample_rate_hz: int,
        *,
        bands: int,
        iterations: int,
        hop_seconds: float = HOP_SECONDS,
        most_frames: float = MOST_FRAMES,
    ) -> None:
        super().__init__()
        self.samples, self.iterations = samples, iterations
        hop = max(LEAST_HOP, 2 ** round(math.log2(hop_seconds * sample_rate_hz)))
        while samples > most_frames * hop:
            hop *= 2
        self.hop = hop
        self.frames = -(-samples // self.hop)
        window_samples = OVERLAP * self.hop
        self.bands = min(bands, window_samples // 4)
        window = torch.hann_window(window_samples)
        narrow, wide = mel_bank(window_samples // 2 + 1, sample_rate_hz, self.bands)
        phase = 2 * math.pi * Draw(0).uniform("phase", (self.frames, window_samples // 2 + 1))
        known = {
            "window": window,
            "narrow": narrow,
            "wide": wide,
            "phase": phase,
            "overlap": _overlapped(window.square().expand(1, self.frames, -1)).clamp_min(0.01),
        }
        for name, value in known.items():
            self.register_buffer(name, value, persistent=False)
        self.scale = float(window.sum()) / 2

    @property
    def shape(self) -> tuple[int, int]:
        """(bands, frames)."""
        return self.bands, self.frames

    def forward(self, x: Tensor) -> Tensor:
        """`(batch, channels, samples)`, of whatever length, to `(batch, channels, bands, frames)`."""
        with in_float32(x.device.type):
            spectra = self._spectra(x.float().flatten(0, 1)) / self.scale
            power = _power(spectra) @ self.narrow  # (B·C, T, bands)
            level_db = 10 * torch.log10(power + 10 ** (FLOOR_DB / 10))
            picture: Tensor = 1 - level_db.transpose(1, 2) / (FLOOR_DB / 2)
            return picture.view(*x.shape[:2], self.bands, -1)

    def sound(self, picture: Tensor) -> Tensor:
        """`(batch, channels, bands, frames)` to `(batch, channels, samples)`."""
        with in_float32(picture.device.type):
            level_db = (1 - picture.float().flatten(0, 1).transpose(1, 2)) * (FLOOR_DB / 2)
            size = self.scale * (10 ** (level_db @ self.wide / 20) - 10 ** (FLOOR_DB / 20))  # (B·C, T, bins)
            with torch.no_grad():
                turn = self._phases(size)
            return self.wave(size * turn).view(*picture.shape[:2], -1)

    def _phases(self, size: Tensor) -> Tensor:
        """Complex numbers of size 1, such that a wave has spectra of about these sizes."""
        turn = torch.polar(torch.ones_like(self.phase), self.phase)
        for _ in range(self.iterations):
            after = self._spectra(self.wave(size * turn))
            turn = after * torch.rsqrt(_power(after) + TINY)
        return turn

    def _spectra(self, wave: Tensor) -> Tensor:
        """`(n, samples)` to complex `(n, frames, bins)`; frame k is centred on sample k · hop."""
        window = len(self.window)
        frames = -(-wave.shape[1] // self.hop)
        missing = (frames - 1) * self.hop + window - wave.shape[1] - window // 2
        padded = torch.nn.functional.pad(wave, (window // 2, max(0, missing)))
        spectra: Tensor = torch.fft.rfft(padded.unfold(1, window, self.hop)[:, :frames] * self.window)
        return spectra

    def wave(self, spectra: Tensor) -> Tensor:
        """Complex `(n, frames, bins)` to `(n, samples)`."""
        pieces = torch.fft.irfft(spectra, len(self.window)) * self.window
        wave = _overlapped(pieces) / self.overlap
        first = len(self.window) // 2
        return wave[:, first : first + self.samples]

    def any_wave(self, spectra: Tensor) -> Tensor:
        """Complex `(n, frames, bins)` of any number of frames to `(n, frames * hop)`."""
        frames = spectra.shape[1]
        pieces = torch.fft.irfft(spectra, len(self.window)) * self.window
        weights = _overlapped(self.window.square().expand(1, frames, -1)).clamp_min(0.01)
        first = len(self.window) // 2
        return (_overlapped(pieces) / weights)[:, first : first + frames * self.hop]


def in_float32(device: str) -> AbstractContextManager[object]:
    """float32 where products would be of fewer bits: 80 dB want more than eight."""
    return (
        torch.autocast(device, enabled=False)
        if torch.amp.autocast_mode.is_autocast_available(device)
        else nullcontext()
    )


def _power(spectra: Tensor) -> Tensor:
    return spectra.real.square() + spectra.imag.square()


def _overlapped(pieces: Tensor) -> Tensor:
    """Windows `(n, frames, 4 · hop)` laid one hop apart and added: `(n, (frames + 3) · hop)`."""
    parts = pieces.unflatten(2, (OVERLAP, -1))  # (n, T, 4, hop)
    pad = torch.nn.functional.pad
    laid = [pad(parts[:, :, k], (0, 0, k, OVERLAP - 1 - k)) for k in range(OVERLAP)]
    return torch.stack(laid).sum(0).flatten(1)
