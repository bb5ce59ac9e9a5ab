"""The spread of a group of samples as one more feature map of D."""

import torch
from torch import Tensor, nn

from multigan.core.errors import RecipeError

__all__ = ["MinibatchStd"]


class MinibatchStd(nn.Module):
    """Joins one map to x: the standard deviation within each group of samples, averaged over all features.

    D sees whether its samples differ, so a G that always makes the same is found out. Groups are consecutive samples;
    the last one is smaller where they do not divide the batch. So as long as `group` divides a process's share (and a
    micro-batch), the result does not depend on the number of processes. Samples of one group meet in D: the input
    gradient of one sample's logit is no longer all that there is, and gradient penalties take the sum over the group.

    Args:
        group: samples per group, at least 2.

    Source: Karras et al. 2018 (progressive growing), section 3; groups: Karras et al. 2020 (StyleGAN2), its code.
    Departures: consecutive groups instead of interleaved ones; 1e-8 under the root.
    """

    def __init__(self, group: int = 4) -> None:
        super().__init__()
        if group < 2:
            given, expected = f"D.minibatch_std = {group}", "groups of 2 or more samples, 0 = off"
            raise RecipeError(given, expected, "the paper's is 4", key=["minibatch_std"])
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        """x `(batch, channels, *size)` -> `(batch, channels + 1, *size)`."""
        spread = torch.cat([_spread(part) for part in _groups(x, self.group)])  # (B,)
        extra = spread.to(x.dtype).view(-1, *[1] * (x.ndim - 1)).expand(-1, 1, *x.shape[2:])
        return torch.cat([x, extra], 1)


def _groups(x: Tensor, group: int) -> list[Tensor]:
    """x as `(groups, group, ...)`, and the samples that are left over as `(1, rest, ...)`."""
    whole = len(x) - len(x) % group
    parts = [x[:whole].unflatten(0, (-1, group))] if whole else []
    return [*parts, x[whole:].unsqueeze(0)] if len(x) > whole else parts


def _spread(x: Tensor) -> Tensor:
    """x `(groups, group, ...)` -> one number per sample, float32 at least: `(groups * group,)`."""
    wide = x.to(torch.promote_types(x.dtype, torch.float32))
    deviation = (wide.var(1, correction=0) + 1e-8).sqrt()
    return deviation.flatten(1).mean(1).repeat_interleave(x.shape[1])
