"""Mel bands over the bins of a spectrum: how bins become bands, and bands become bins again."""

import numpy as np
import torch
from torch import Tensor

__all__ = ["mel_bank"]


def mel_bank(bins: int, sample_rate_hz: int, bands: int) -> tuple[Tensor, Tensor]:
    """Weights of bins in bands, and of bands in bins.

    Args:
        bins: of the spectrum, from 0 Hz to half the rate.
        sample_rate_hz: of the wave.
        bands: triangles, evenly over the mel scale.

    Returns:
        `(bins, bands)`, whose columns sum to 1: a band is the mean power around its centre, or the nearest bin's where
        it is narrower than one; and `(bands, bins)`, which interpolates between the centres: loudness in dB in between.

    Source: Davis & Mermelstein 1980 (triangles); O'Shaughnessy 1987, 2595 log10(1 + f / 700) (mel).
    """
    hertz = np.linspace(0, sample_rate_hz / 2, bins)
    highest = _mel(sample_rate_hz / 2)
    edges = 700 * (10 ** (np.linspace(0, highest, bands + 2) / 2595) - 1)
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (hertz[:, None] - low) / (centre - low)
    falling = (high - hertz[:, None]) / (high - centre)
    narrow = np.clip(np.minimum(rising, falling), 0, None)
    empty = narrow.sum(0) < 1e-6
    narrow[np.abs(hertz[:, None] - centre[empty]).argmin(0), np.flatnonzero(empty)] = 1
    narrow /= narrow.sum(0)
    wide = np.stack([np.interp(hertz, centre, row) for row in np.eye(bands)])
    return torch.from_numpy(narrow).float(), torch.from_numpy(wide).float()


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))
