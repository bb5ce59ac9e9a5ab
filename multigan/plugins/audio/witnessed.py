"""Sounds in numbers for a judge's second witness."""

import torch
from torch import Tensor

from multigan.plugins.audio.judged import as_heard

__all__ = ["as_told"]


def as_told(x: Tensor, sample_rate_hz: int) -> Tensor:
    """Waves `(batch, channels, samples)` in [-1, 1] -> `(batch, 768)`: what 64 bands are like over time, in dB.

    Of their levels, of the steps from frame to frame and of those from band to band: mean, deviation and mean size; of
    levels also maximum, minimum and median. The last band has no next one: its steps are 0.

    Source: statistics of log-mel bands as texture descriptors: McDermott & Simoncelli 2011; differences over time:
    Furui 1986.
    """
    level = as_heard(x, sample_rate_hz)[:, 0]
    later = torch.cat([level[..., 1:], level[..., -1:]], 2) - level
    higher = torch.cat([level[:, 1:], level[:, -1:]], 1) - level
    moments = (
        moment
        for one in (level, later, higher)
        for moment in (one.mean(2), one.std(2, correction=0), one.abs().mean(2))
    )
    return torch.cat([*moments, level.amax(2), level.amin(2), level.median(2).values], 1)
