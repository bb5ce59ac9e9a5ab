"""Pictures in numbers for a judge's second witness: how often which small patterns occur in them."""

import zlib
from functools import lru_cache

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.features.patch_counts import PatchCounts
from multigan.plugins.image.judged import as_seen

__all__ = ["as_counted"]

CLOUDS, SIDE = 256, 32
"""Pixels a side, of clouds and of what is looked at: of larger pictures the whole made smaller, and the middle."""
CHUNK = 32
"""Pictures at once: so few that their maps lie in a processor's cache."""
FAINT = 0.05
"""Deviation of noise, 6 of 256 steps: as for the net, what no eye sees does not decide."""
LEAST = 0.1
"""Of a count's mean over clouds, added before its logarithm: how rare is rare."""


@torch.no_grad()
def as_counted(x: Tensor) -> Tensor:
    """Pictures `(batch, channels, height, width)` in [-1, 1] -> logarithms of counts `(batch, 576)`.

    Counted is what the eye counts (`multigan.features.patch_counts`), but patterns are drawn from clouds whose power
    falls as that of photographs does, and not from reals: nothing is fitted, so that it suits the smallest of sets, and
    patterns of one set do not hide what other pictures have instead.

    Source: amplitudes of natural pictures fall as 1/f: Field 1987.
    """
    x = as_seen(x, SIDE)
    net, least = _counter(x.shape[1])
    # Of the pictures' own content: rows of one noise in every batch would be a line that a regression leaves out.
    random = torch.Generator().manual_seed(zlib.crc32(x.cpu().numpy().tobytes()))
    noise = FAINT * torch.randn(x.shape, generator=random).to(x.device)
    return torch.cat([(net.seen(part) + least).log() for part in (x + noise).split(CHUNK)])


@lru_cache(maxsize=4)
@torch.no_grad()
def _counter(channels: int) -> tuple[PatchCounts, Tensor]:
    clouds = _clouds(channels)
    net = PatchCounts(channels)
    net.draw_from(clouds, Draw(0).child("witness"))
    return net, LEAST * torch.cat([net.seen(part) for part in clouds.split(CHUNK)]).mean(0) + 1e-6


def _clouds(channels: int) -> Tensor:
    """Noise whose amplitude falls as 1/f, `(256, channels, 32, 32)`, of deviation 1."""
    white = torch.randn(CLOUDS, channels, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    across, along = torch.fft.fftfreq(SIDE)[:, None], torch.fft.rfftfreq(SIDE)
    frequency = (across.square() + along.square()).sqrt().clamp_min(1 / SIDE)
    clouds: Tensor = torch.fft.irfft2(torch.fft.rfft2(white) / frequency, s=(SIDE, SIDE))
    return clouds.div_(clouds.std())
