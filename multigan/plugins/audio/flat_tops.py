"""Clipping as it is heard: waves that stay at full scale for some samples."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from multigan.core.types import Gauge, Spec
from multigan.plugins.audio import mel_samples

__all__ = ["FULL", "NEAR", "RUN", "flat_tops", "make_gauge", "near_peaks"]

FULL, RUN = 0.999, 3
"""Full scale, and samples in a row: a wave touches it in a sample or two without a fault."""
NEAR, SILENT = 0.85, 1e-4
"""Of a sound's own peak: resampling lifts the ends of a flat top by a tenth. And a peak that is none."""


def flat_tops(waves: Tensor) -> Tensor:
    """The share of each sound's samples that lie in a run of three or more at full scale, on one side of zero.

    Args:
        waves: `(n, channels, samples)` in [-1, 1].

    Returns:
        `(n,)`, 0 to 1, float64.
    """
    return _in_runs(waves, torch.full_like(waves[..., :1], FULL))


def near_peaks(waves: Tensor) -> Tensor:
    """The share of each sound's samples in such runs within .85 of the sound's own peak; of silence 0.

    What was clipped before it was levelled or resampled has flat tops no more, but many of these. So has a steady tone:
    a third of a sine.

    Args:
        waves: `(n, channels, samples)` in [-1, 1].

    Returns:
        `(n,)`, 0 to 1, float64.
    """
    peaks = waves.abs().amax((1, 2), keepdim=True)
    return _in_runs(waves, (NEAR * peaks).masked_fill(peaks < SILENT, 2.0))


def _in_runs(waves: Tensor, level: Tensor) -> Tensor:
    found = torch.zeros(waves.shape, dtype=torch.bool, device=waves.device)
    for side in (waves, -waves):
        full = side >= level
        begins = full.unfold(-1, RUN, 1).all(-1) if waves.shape[-1] >= RUN else full[..., :0]
        for k in range(RUN):
            found[..., k : k + begins.shape[-1]] |= begins
    return found.double().flatten(1).mean(1)


def make_gauge(trained: Iterable[Tensor], unseen: Iterable[Tensor], spec: Spec) -> Gauge:
    """Means of fakes' flat tops and of reals' samples near their peaks; of spectra, which have no tops yet, nothing."""
    if mel_samples.scaled_mel_of(spec) is not None:
        return lambda G, fake: {}
    parts = [near_peaks(x).cpu() for reals in (trained, unseen) for x in reals]
    floor = float(torch.cat(parts).mean()) if parts else 0.0

    def gauge(G: nn.Module, fake: Tensor) -> dict[str, float]:
        return {"clipped": float(flat_tops(fake.clamp(-1, 1)).mean()), "clipped_floor": floor}

    return gauge
