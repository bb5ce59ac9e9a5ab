"""Tones whose pitch is given: sines at whole multiples of it, and a net says how loud each is when."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from multigan.core.errors import ShapeError

__all__ = ["Harmonics"]

LOUDEST, QUIET = 0.0, -6.0
"""Log amplitudes: the most that one sine can have, and what an untrained net gives."""


class Harmonics(nn.Module):
    """Frames `(batch, width, frames)` and classes `(batch,)` to waves `(batch, channels, samples)`.

    `x(t) = sum_h exp(a_h(t)) sin(2 pi h f t)`, f the pitch of the class, h from 1 to `harmonics`; those at or above
    half the sampling rate are silent. Loudness is that of a frame where it begins, and
    goes in straight lines from there to the next.

    Args:
        pitches_hz: of the classes.
        harmonics: sines of a tone.
        width: channels of a frame.
        channels: of the waves.
        hop: samples of a frame.
        samples: length of a wave.
        sample_rate_hz: of the waves.

    Source: Engel et al. 2020 (DDSP), Eq. 1 to 3.
    Departures: the pitch stands still and is that of the class; amplitudes are exponentials of what the net says, at
        most 1.
    """

    pitches: Tensor

    def __init__(
        self,
        pitches_hz: Sequence[float],
        harmonics: int,
        width: int,
        channels: int,
        hop: int,
        samples: int,
        sample_rate_hz: int,
    ) -> None:
        super().__init__()
        self.harmonics, self.channels, self.hop, self.samples = harmonics, channels, hop, samples
        # Cycles a sample: float64 keeps the beginning of a long note in tune with its end.
        pitches = torch.tensor(pitches_hz, dtype=torch.float64) / sample_rate_hz
        self.register_buffer("pitches", pitches, persistent=False)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, channels * harmonics)
        nn.init.normal_(self.out.weight, 0.0, 0.02)
        nn.init.constant_(self.out.bias, QUIET)

    def forward(self, hidden: Tensor, cond: Tensor | None) -> Tensor:
        """The tones alone.

        Raises:
            ShapeError: no classes were given.
        """
        if cond is None:
            raise ShapeError("a net of pitched notes was called without labels", "cond int64 (batch,)", "pass cond")
        said = self.out(self.norm(hidden.transpose(1, 2))).float().clamp_max(LOUDEST).exp()  # (B, T, C·H)
        loud = said.unflatten(2, (self.channels, self.harmonics))
        after = torch.cat([loud[:, 1:], loud[:, -1:]], 1)
        with torch.no_grad():
            sines = self._sines(cond, loud.shape[1])  # (B, T, H, hop)
            there = torch.arange(self.hop, device=cond.device) / self.hop
        frames = (1 - there) * (loud @ sines) + there * (after @ sines)  # (B, T, C, hop)
        waves: Tensor = frames.transpose(1, 2).flatten(2)[..., : self.samples]
        return waves

    def _sines(self, cond: Tensor, frames: int) -> Tensor:
        """`(batch, frames, harmonics, hop)`."""
        own = self.pitches[cond].unsqueeze(1)  # (B, 1), cycles a sample
        cycles = own * torch.arange(frames * self.hop, device=cond.device, dtype=own.dtype)
        turned = (cycles - cycles.floor()).float()  # whole cycles are whole for every multiple
        order = torch.arange(1, self.harmonics + 1, device=cond.device).view(-1, 1)
        heard = (own.unsqueeze(1) * order < 0.5).unsqueeze(1)  # (B, 1, H, 1)
        return torch.sin(2 * math.pi * order * turned.unflatten(1, (frames, 1, self.hop))) * heard
