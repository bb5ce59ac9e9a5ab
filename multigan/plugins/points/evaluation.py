"""Mode coverage with its frame: reals of the mixture, and one wide Gaussian."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.metrics.coverage import CEILING_2D, mode_coverage
from multigan.metrics.rows import About, row

__all__ = ["coverage", "own_rows"]

ABOUT = {
    "modes": About("modes", "modes reached", "diversity", "higher", "by at least one high-quality point"),
    "high_quality": About(
        "high_quality",
        "high-quality points",
        "quality",
        "near floor",
        f"share within three deviations of a mode; {CEILING_2D:.5f} is the ceiling, more means shrunken modes",
        "%",
    ),
    "reverse_kl": About("reverse_kl", "KL(modes || uniform)", "diversity", "lower", "nats, of the high-quality points"),
}


def own_rows(
    fake: Sequence[tuple[float, float]], real: Sequence[tuple[float, float]], spec: Spec, seed: int = 0
) -> list[Mapping[str, Any]]:
    """Modes, high-quality share and reverse KL; none for unknown mixtures, nor an infinite KL."""
    if "centres" not in spec.meta:
        return []
    centres, deviation = torch.tensor(spec.meta["centres"]).double(), spec.meta["deviation"]
    n = min(len(fake), len(real))
    sides = [torch.tensor(list(side)[:n], dtype=torch.float64) for side in (fake, real)]
    found = [mode_coverage(side, centres, deviation) for side in (*sides, _gaussian(sides[1], seed))]
    note = "one Gaussian of the reals' mean and spread"
    rows = [
        {**row(about, lambda one, key=key: float(getattr(one, key)), found, note), "n_fake": n, "n_real": n}
        for key, about in ABOUT.items()
    ]
    return [one for one in rows if math.isfinite(one["value"])]


def coverage(fake: Tensor, spec: Spec) -> dict[str, float]:
    """Modes, high-quality share (ceiling .98889), reverse KL of fakes `(n, 2)` in D's space; {} for unknown mixtures.

    Source: Lin et al. 2018 (PacGAN), experiments on synthetic data.
    """
    if "centres" not in spec.meta:
        return {}
    points = fake.double() * spec.meta["scale"] + fake.new_tensor(spec.meta["centre"]).double()
    found = mode_coverage(points, torch.tensor(spec.meta["centres"]), spec.meta["deviation"])
    return {"modes": found.modes, "high_quality": found.high_quality, "reverse_kl": found.reverse_kl}


def _gaussian(real: Tensor, seed: int) -> Tensor:
    noise = Draw(seed).normal("points/baseline", tuple(real.shape)).double()
    return real.mean(0) + real.std(0) * noise
