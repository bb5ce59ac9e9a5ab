"""Mode coverage of generated points."""

import torch
from torch import Tensor

from multigan.core.types import Spec
from multigan.metrics.coverage import mode_coverage

__all__ = ["coverage"]


def coverage(fake: Tensor, spec: Spec) -> dict[str, float]:
    """Modes, high-quality share (ceiling .98889), reverse KL of fakes `(n, 2)` in D's space; {} for unknown mixtures.

    Source: Lin et al. 2018 (PacGAN), experiments on synthetic data.
    """
    if "centres" not in spec.meta:
        return {}
    points = fake.double() * spec.meta["scale"] + fake.new_tensor(spec.meta["centre"]).double()
    found = mode_coverage(points, torch.tensor(spec.meta["centres"]), spec.meta["deviation"])
    return {"modes": found.modes, "high_quality": found.high_quality, "reverse_kl": found.reverse_kl}
