"""Differentiable augmentation of what D sees, with a fixed or an adaptive strength."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, UnknownNameError, did_you_mean
from multigan.core.returned import Maker, check_taken, same_shape
from multigan.core.types import Augmentation, Augments, Modality, Spec, able

__all__ = ["SPEED_SAMPLES", "Adaptive", "Augment", "build_augment", "choose"]

SPEED_SAMPLES = 500_000
"""Samples in which an adaptive strength goes from 0 to 1 where nothing is set: few runs have as many."""
INTERVAL = 4
"""Turns of D between two adjustments of the strength, as in Karras et al. 2020 (ADA), section 3."""


class Augment:
    """Every augmentation of a policy, applied to each sample with probability p, independently.

    Args:
        policy: augmentations by name, in order.
        p: probability in [0, 1].

    Source: Zhao et al. 2020 (DiffAugment), section 3, with p = 1; Karras et al. 2020 (ADA), section 2.2, with p < 1: a
    distribution of augmentations does not leak into the fakes as long as it can be undone, which any p below 1 helps.
    """

    def __init__(self, policy: Mapping[str, Augmentation], p: float = 1.0) -> None:
        self.policy, self.p = dict(policy), p

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """x `(batch, ...)` -> the same shape, differentiable in x."""
        return _apply(self.policy, self.p, x, draw)


class Adaptive(nn.Module):
    """Augmentation whose strength p follows how sure D is of the reals, which is how far it has learnt them by heart.

    `r = mean sign(logits of reals)`; every 4 turns of D, `p += sign(r - target) * samples / speed_samples` in [0, cap].

    Args:
        policy: as in `Augment`.
        cap: largest p.
        target: r that is aimed at.
        speed_samples: real samples in which p could go from 0 to 1.

    Source: Karras et al. 2020 (ADA), section 3 and Eq. 1 (r_t).
    Departures: under a relativistic loss, whose logits mean something in differences only, r is the mean sign of
    real - fake over pairs; p has a cap.
    """

    p: Tensor
    pending: Tensor
    seen: Tensor

    def __init__(
        self, policy: Mapping[str, Augmentation], cap: float, target: float = 0.6, speed_samples: float = SPEED_SAMPLES
    ) -> None:
        super().__init__()
        self.policy, self.cap, self.target, self.speed_samples = dict(policy), cap, target, speed_samples
        self.register_buffer("p", torch.zeros(()))
        # Mean signs, samples of the whole batch and a count: of the turns since the last adjustment, and of this turn.
        self.register_buffer("seen", torch.zeros(3))
        self.register_buffer("pending", torch.zeros(3), persistent=False)

    def forward(self, x: Tensor, draw: Draw) -> Tensor:
        """x `(batch, ...)` -> the same shape, differentiable in x."""
        return _apply(self.policy, self.p, x, draw)

    @torch.no_grad()
    def observe(self, margins: Tensor, draw: Draw) -> None:
        """Note the mean sign of `(batch, *patch)`, and how many samples the whole batch has."""
        noted = [margins.sign().mean(), *margins.new_tensor([float(len(margins) * draw.world_size), 1.0])]
        self.pending += torch.stack(noted).to(self.pending)

    def report(self) -> Mapping[str, Tensor]:
        """The strength, as `augment/p`."""
        return {"augment/p": self.p.clone()}

    @torch.no_grad()
    def settle(self) -> None:
        """Take a turn's signs; adjust p where it is time."""
        self.seen += self.pending / self.pending[2].clamp_min(1)
        self.pending.zero_()
        due = self.seen[2] >= INTERVAL
        step = (self.seen[0] / self.seen[2].clamp_min(1) - self.target).sign() * self.seen[1] / self.speed_samples
        self.p.copy_((self.p + due * step).clamp(0, self.cap))
        self.seen *= ~due


def build_augment(
    modality: Modality,
    spec: Spec,
    *,
    policy: tuple[str, ...] = (),
    p: float = 1.0,
    adaptive: bool = False,
    target: float = 0.6,
    speed_samples: int = SPEED_SAMPLES,
) -> Augment | Adaptive:
    """The modality's augmentations.

    Args:
        modality: has `augmentations`.
        spec: unused.
        policy: names of augmentations, in order; empty = the modality's usual ones.
        p: the strength, or the largest where it is adaptive.
        adaptive: let D's opinion of reals set the strength.
        target: mean sign of the logits of reals that is aimed at.
        speed_samples: real samples in which the strength could go from 0 to 1.

    Raises:
        RecipeError: the modality has no augmentations, or a number out of range.
        UnknownNameError: a name that is no augmentation of the modality.
    """
    if not 0 <= p <= 1 or not -1 < target < 1 or speed_samples < 1:
        wrong = "speed_samples" if 0 <= p <= 1 and -1 < target < 1 else "target" if 0 <= p <= 1 else "p"
        raise RecipeError(
            f"augment with p = {p}, target = {target}, speed_samples = {speed_samples}",
            "p in [0, 1], target in (-1, 1), speed_samples of 1 or more",
            "correct game.views",
            key=[wrong],
        )
    chosen = choose(modality, policy, "game.views.augment")
    return Adaptive(chosen, p, target, speed_samples) if adaptive else Augment(chosen, p)


def choose(modality: Modality, policy: Sequence[str], where: str) -> dict[str, Augmentation]:
    """A modality's augmentations by name.

    Args:
        modality: offers them, or not.
        policy: names; empty = the modality's usual ones.
        where: the recipe's key, for messages.

    Raises:
        RecipeError: it offers none.
        UnknownNameError: one of the names is not among them.
        PluginError: one of the augmentations is not called as `(x, draw)`.
    """
    if not able(modality, Augments):
        raise RecipeError(
            f"{where} needs augmentations, and modality '{modality.name}' offers none",
            "a modality with the attributes `augmentations` and `augmentation_policy`",
            "remove it from the recipe",
        )
    for k, name in enumerate(policy):
        if name not in modality.augmentations:
            hint = did_you_mean(name, modality.augmentations)
            raise UnknownNameError(
                f"{where} names '{name}', no augmentation of '{modality.name}'", "", hint, key=("policy", k)
            )
    chosen = {name: modality.augmentations[name] for name in policy or modality.augmentation_policy}
    for name, augmentation in chosen.items():
        check_taken(augmentation, ("x", "draw"), Maker("augmentation", name, augmentation))
    return chosen


def _apply(policy: Mapping[str, Augmentation], p: float | Tensor, x: Tensor, draw: Draw) -> Tensor:
    for name, augmentation in policy.items():
        inner = draw.child(name)
        gate = draw.uniform(f"{name}/gate", (len(x),)).to(x.device) < p
        changed = same_shape(augmentation(x, inner), x, Maker("augmentation", name, augmentation))
        x = torch.where(gate.view(-1, *[1] * (x.ndim - 1)), changed, x)
    return x
