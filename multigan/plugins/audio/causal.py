"""Frames of sound and their spectra that never look ahead, block by block as well as at once."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["Frames", "window_of"]

WINDOW_SECONDS = 0.032


def window_of(sample_rate_hz: int) -> int:
    """Samples of a window of 32 ms or a little less: a power of two (256 at 8,000 Hz, 512 at 16,000)."""
    return int(2 ** max(4, math.floor(math.log2(WINDOW_SECONDS * sample_rate_hz + 1))))


class Frames(nn.Module):
    """Waves to windowed spectra and back. A frame ends with the newest sample; spectra are products with matrices.

    The window is the root of Hann's, before and after, and frames overlap by three quarters: what is not changed comes
    back to the rounding of float32.

    Args:
        window: samples of a frame, a multiple of 4.

    Source: weighted overlap-add, Crochiere 1980, section IV.
    """

    forwards: Tensor
    backwards: Tensor

    def __init__(self, window: int) -> None:
        super().__init__()
        self.window, self.hop, self.bins = window, window // 4, window // 2 + 1
        shape = torch.hann_window(window, periodic=True, dtype=torch.float64).sqrt()
        turn = 2 * math.pi * torch.outer(torch.arange(window), torch.arange(self.bins)).double() / window
        there = torch.cat([turn.cos(), -turn.sin()], 1) * shape[:, None]
        twice = torch.full((self.bins,), 2.0, dtype=torch.float64)
        twice[0] = twice[-1] = 1.0
        # Four windows that overlap add up to twice one.
        back = torch.cat([turn.cos() * twice, -turn.sin() * twice], 1).T / window * shape / 2
        self.register_buffer("forwards", there.float(), persistent=False)
        self.register_buffer("backwards", back.float().contiguous(), persistent=False)

    @property
    def lag(self) -> int:
        """Samples by which what is finished lies behind what is known."""
        return self.window - self.hop

    def count(self, samples: int) -> int:
        """Frames that touch a wave of that many samples."""
        return (samples + self.lag - 1) // self.hop + 1

    def cut(self, x: Tensor) -> Tensor:
        """Waves `(batch, samples)`, silence on both sides -> every frame that touches them, `(batch, t, window)`."""
        end = self.count(x.shape[-1]) * self.hop - x.shape[-1]
        return F.pad(x, (self.lag, end)).unfold(-1, self.window, self.hop)

    def spectra(self, frames: Tensor) -> Tensor:
        """`(batch, t, window)` -> real and imaginary parts `(batch, t, 2 bins)`."""
        return frames @ self.forwards

    def waves(self, spectra: Tensor) -> Tensor:
        """`(batch, t, 2 bins)` -> overlapping pieces `(batch, t, window)`, to be added up."""
        return spectra @ self.backwards

    def added(self, pieces: Tensor) -> Tensor:
        """Pieces `(batch, t, window)` one hop apart, added up: `(batch, (t - 1) hop + window)`."""
        parts = pieces.unflatten(-1, (4, self.hop))
        return sum_of([F.pad(parts[:, :, k].flatten(1), (k * self.hop, (3 - k) * self.hop)) for k in range(4)])

    def joined(self, pieces: Tensor, samples: int) -> Tensor:
        """What `cut` took apart, `(batch, samples)`."""
        return self.added(pieces)[:, self.lag : self.lag + samples]


def sum_of(parts: list[Tensor]) -> Tensor:
    """The sum, in the order of the list."""
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
