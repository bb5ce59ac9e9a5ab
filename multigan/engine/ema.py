"""An exponential moving average of a player, as people keep it."""

from copy import deepcopy

import torch
from torch import Tensor, nn

__all__ = ["Ema", "ema_decay"]


def ema_decay(step_samples: int, halflife_samples: float, seen_samples: int, rampup: float = 0.05) -> float:
    """The decay for one step.

    `decay = 0.5 ** (step_samples / min(halflife_samples, rampup * seen_samples))`: a half-life counted in real samples
    means the same at any batch size, and the ramp forgets the untrained start, as in the published code of
    Karras et al. 2020 (ADA) and Karras et al. 2022 (EDM). A half-life of 0 follows G exactly.

    Args:
        step_samples: real samples that this step consumed.
        halflife_samples: after so many samples an old weight counts half.
        seen_samples: real samples seen so far.
        rampup: largest half-life as a share of `seen_samples`.

    Returns:
        A factor in [0, 1).
    """
    halflife = min(halflife_samples, rampup * seen_samples)
    return 0.5 ** (step_samples / halflife) if halflife > 0 else 0.0


class Ema:
    """A frozen copy of a net that follows it; buffers (BatchNorm statistics) are copied, not averaged.

    Args:
        G: the net to follow.
        halflife_samples: see `ema_decay`.
    """

    def __init__(self, G: nn.Module, halflife_samples: float) -> None:
        self.net = deepcopy(G).eval().requires_grad_(False)
        self.halflife_samples = halflife_samples
        self._averaged, self._copied = _tensors(self.net)
        self._followed = G
        self._current, self._buffers = _tensors(G)

    @torch.no_grad()
    def update(self, G: nn.Module, step_samples: int, seen_samples: int) -> None:
        """Move the average one step towards G."""
        if G is not self._followed:  # walking through a net's modules takes longer than averaging a small one
            self._followed, (self._current, self._buffers) = G, _tensors(G)
        weight = 1 - ema_decay(step_samples, self.halflife_samples, seen_samples)
        torch._foreach_lerp_(self._averaged, self._current, weight)
        for mine, theirs in zip(self._copied, self._buffers, strict=True):
            mine.copy_(theirs)


def _tensors(net: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    return list(net.parameters()), list(net.buffers())
