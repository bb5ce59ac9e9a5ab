"""Noise taken out without training: a Wiener filter that follows the faintest that it hears."""

import torch
from torch import Tensor
from torch.nn import functional as F

from multigan.plugins.audio.causal import Frames, window_of

__all__ = ["wiener"]

SMOOTH = 0.8
LOOK_SECONDS = 1.5
BIAS = 4.0
"""By so much a minimum of smoothed powers lies below their mean."""
DIRECTED = 0.98
LEAST_GAIN = 0.1


def wiener(source: Tensor, sample_rate_hz: int) -> Tensor:
    """Sounds `(batch, channels, samples)` without steady noise, shape kept.

    Args:
        source: the sounds.
        sample_rate_hz: of the sounds.

    Source: Martin 2001 (noise power by minimum statistics), Eq. 4 and 6; a priori ratio by decisions: Ephraim & Malah
        1984, Eq. 51; the Wiener gain: Scalart & Filho 1996, Eq. 17.
    Departures: a fixed smoothing and a fixed correction of the bias; gains are never below -20 dB.
    """
    frames = Frames(window_of(sample_rate_hz)).to(source.device)
    x = source.flatten(0, 1)
    real, imaginary = frames.spectra(frames.cut(x)).chunk(2, -1)
    power = real.square() + imaginary.square()  # (B·C, t, bins)
    noise = _faintest(power, max(1, round(LOOK_SECONDS * sample_rate_hz / frames.hop)))
    gains, before = list[Tensor](), torch.zeros_like(power[:, 0])
    for posterior in (power / noise.clamp_min(1e-12)).unbind(1):
        ratio = DIRECTED * before + (1 - DIRECTED) * (posterior - 1).clamp_min(0)
        gain = (ratio / (1 + ratio)).clamp_min(LEAST_GAIN)
        before = gain.square() * posterior
        gains.append(gain)
    gain = torch.stack(gains, 1)
    made: Tensor = frames.joined(frames.waves(torch.cat([gain * real, gain * imaginary], -1)), x.shape[-1])
    return made.view_as(source)


def _faintest(power: Tensor, look: int) -> Tensor:
    """Of every bin the smallest smoothed power of the last `look` frames, a little raised."""
    smooth, parts = power[:, 0], list[Tensor]()
    for part in power.unbind(1):
        smooth = SMOOTH * smooth + (1 - SMOOTH) * part
        parts.append(smooth)
    row = torch.stack(parts, 2)  # (B·C, bins, t)
    padded = F.pad(row, (look - 1, 0), value=float("inf"))
    return BIAS * -F.max_pool1d(-padded, look, 1).transpose(1, 2)
