"""How loud noise is on average, in windows other than those that it was made of."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

__all__ = ["Hiss"]

FINE = 8
"""Points of a window's spectrum to each of its bins, of which powers between bins are read."""


@dataclass(frozen=True)
class Hiss:
    """Noise of frames that overlap, by what it has on average.

    Frame t is centred on sample `t * hop` and is `irfft(m e)`, with e complex noise of variance 1; a wave is these
    windowed, overlaid and divided by the overlaid squares of their windows, as `MelPicture.wave` does.

    Args:
        power: `m^2` of frames and bins, `(n, frames, bins)`.
        hop: samples from a frame to the next.
        samples: of the wave.
    """

    power: Tensor
    hop: int
    samples: int

    def powers(self, window: int, late: int, frames: int) -> Tensor:
        """What `_powers` of the wave would have on average: `(n, frames, window / 2 + 1)`; a sine at full scale has 1.

        With a the Hann window asked for, w a frame's and c its squares overlaid,

            E|X(j, f)|^2 = sum_t sum_k m(t, k)^2 / W^2  sum_n a(n - j)^2 w(n - t)^2 / c(n)^2  S(f - k),

        S being the spectrum of a w where both are centred, of integral 1: exact where their overlap has one shape
        wherever it lies, and within half a decibel elsewhere.

        Args:
            window: samples of the windows to look through, half of it apart, the first one centred on the wave's begin.
            late: samples by which all of them lie earlier.
            frames: how many.
        """
        made = 2 * (self.power.shape[2] - 1)
        to_bins = _to_bins(window, made).to(self.power.device)
        to_frames = _to_frames(window, made, self.hop, self.samples, self.power.shape[1])
        begins = np.arange(frames)[:, None] * (window // 2) - late - window // 2
        offsets = begins - (np.arange(self.power.shape[1]) * self.hop - made // 2) + window
        shares = np.take_along_axis(to_frames, offsets.clip(0, to_frames.shape[1] - 1).T, 1).T
        over = torch.from_numpy(np.ascontiguousarray(shares)).to(self.power.device)
        if frames < self.power.shape[1]:  # the narrower product first: the same numbers in less time
            return (over @ self.power) @ to_bins
        return over @ (self.power @ to_bins)


@lru_cache(maxsize=32)
def _to_frames(window: int, made: int, hop: int, samples: int, frames: int) -> np.ndarray:
    """What a window that begins `k - window` samples after a frame sees of it: `(frames, window + made + 1)`."""
    seen, square = _hann(window) ** 2, _hann(made) ** 2
    begins = hop * np.arange(frames)
    laid = np.zeros(begins[-1] + made)
    for begin in begins:
        laid[begin : begin + made] += square
    size = window + made + 1
    backwards = np.fft.rfft(seen[::-1], 2 * size)
    table = np.zeros((frames, size), dtype=np.float32)
    scale = (2 / _hann(window).sum()) ** 2 / made**2
    for t, begin in enumerate(begins):
        at = np.arange(begin, begin + made)
        inside = (at >= made // 2) & (at < made // 2 + samples)
        part = inside * square / laid[begin : begin + made].clip(0.01) ** 2
        # Entry k of the convolution is the window that begins k - (window - 1) samples after the frame.
        whole = np.fft.irfft(np.fft.rfft(part, 2 * size) * backwards, 2 * size)
        table[t, 1 : window + made] = scale * whole[: window + made - 1]
    return table


@lru_cache(maxsize=32)
def _to_bins(window: int, made: int) -> Tensor:
    """Bins of frames to bins of windows, `(made / 2 + 1, window / 2 + 1)`: the spectrum of both windows' product."""
    short = min(window, made)
    a, w = (_hann(size)[(size - short) // 2 : (size + short) // 2] for size in (window, made))
    points = FINE * int(np.lcm(window, made))
    spectrum = np.abs(np.fft.fft(a * w, points)) ** 2 / ((a * w) ** 2).sum()
    k = np.arange(made // 2 + 1)[:, None] * (points // made)
    f = np.arange(window // 2 + 1) * (points // window)
    return torch.from_numpy(spectrum[(f - k) % points] + spectrum[(f + k) % points]).float()


def _hann(samples: int) -> np.ndarray:
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(samples) / samples))
