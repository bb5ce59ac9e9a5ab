"""Consistency regularisation: D should say the same of a sample and of its augmentation."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.utils import parametrize

from multigan.augment.policy import choose
from multigan.core.draw import Draw
from multigan.core.types import Augmentation, DiscriminatorNet, Modality, Spec, as_critique
from multigan.losses.finite_differences import in_full

__all__ = ["Consistency"]


class Consistency:
    """`(D(x) - D(T(x)))²`, mean over patches, sum over heads; x are the reals, or both sides.

    Args:
        policy: augmentations whose chain is T, each applied always.
        both: add the same on fakes, with the same weight.

    Source: Zhang et al. 2020 (CR), L_cr at D's output, with λ = 10 (`weight`); Zhao et al. 2021 (ICR), bCR, λ = 10.
    Departures: randomness inside D (dropout, phase shuffle) is the same in the two calls, so that only T differs.
    """

    def __init__(self, policy: Mapping[str, Augmentation], both: bool = False) -> None:
        self.policy, self.both = dict(policy), both

    @classmethod
    def build(
        cls, modality: Modality, spec: Spec, *, policy: tuple[str, ...] = (), both: bool = False
    ) -> "Consistency":
        """With the modality's augmentations; `policy` names some of them, empty = its usual ones."""
        return cls(choose(modality, policy, "game.penalties.consistency"), both)

    def __call__(self, D: DiscriminatorNet, real: Tensor, fake: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        """The term, per sample.

        Args:
            D: the discriminator.
            real: `(batch, ...)`.
            fake: `(batch, ...)`; unused unless `both`.
            cond: labels `(batch,)` or None.
            draw: the augmentations, and randomness inside D.

        Returns:
            `(batch,)`.
        """
        gap = self._gap(D, real, cond, draw.child("real"))
        return gap + self._gap(D, fake, cond, draw.child("fake")) if self.both else gap

    def _gap(self, D: DiscriminatorNet, x: Tensor, cond: Tensor | None, draw: Draw) -> Tensor:
        with torch.autocast(x.device.type, enabled=False), parametrize.cached():  # one step of a spectral norm, not two
            x = changed = in_full(x)
            for name, augmentation in self.policy.items():
                changed = augmentation(changed, draw.child(name))
            pairs = zip(
                as_critique(D(x, cond, draw.child("D"))).logits,
                as_critique(D(changed, cond, draw.child("D"))).logits,
                strict=True,
            )
            gaps = [(a - b).square() for a, b in pairs]
        return torch.stack([gap.flatten(1).mean(1) if gap.ndim > 1 else gap for gap in gaps]).sum(0)
