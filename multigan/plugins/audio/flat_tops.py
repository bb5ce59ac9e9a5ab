"""Clipping as it is heard: waves that stay at full scale for some samples."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from multigan.core.types import Gauge, Spec
from multigan.plugins.audio import mel_samples

__all__ = ["FULL", "RUN", "flat_tops", "make_gauge"]

FULL, RUN = 0.999, 3
"""Full scale, and samples in a row: a wave touches it in a sample or two without a fault."""


def flat_tops(waves: Tensor) -> Tensor:
    """The share of each sound's samples that lie in a run of three or more at full scale, on one side of zero.

    Args:
        waves: `(n, channels, samples)` in [-1, 1].

    Returns:
        `(n,)`, 0 to 1, float64.
    """
    found = torch.zeros(waves.shape, dtype=torch.bool, device=waves.device)
    for side in (waves, -waves):
        full = side >= FULL
        begins = full.unfold(-1, RUN, 1).all(-1) if waves.shape[-1] >= RUN else full[..., :0]
        for k in range(RUN):
            found[..., k : k + begins.shape[-1]] |= begins
    return found.double().flatten(1).mean(1)


def make_gauge(trained: Iterable[Tensor], unseen: Iterable[Tensor], spec: Spec) -> Gauge:
    """Fakes' and reals' mean share; of spectra nothing, which have no tops before they are heard."""
    if mel_samples.scaled_mel_of(spec) is not None:
        return lambda G, fake: {}
    parts = [flat_tops(x).cpu() for reals in (trained, unseen) for x in reals]
    floor = float(torch.cat(parts).mean()) if parts else 0.0

    def gauge(G: nn.Module, fake: Tensor) -> dict[str, float]:
        return {"clipped": float(flat_tops(fake.clamp(-1, 1)).mean()), "clipped_floor": floor}

    return gauge
