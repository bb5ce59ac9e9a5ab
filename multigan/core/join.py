"""What D sees of a sample and its input together."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from multigan.core.errors import RecipeError
from multigan.core.types import Spec

__all__ = ["Join"]


@dataclass(frozen=True)
class Join:
    """Sample and input, joined along the channels; an input of another size is brought to the sample's.

    Where channels come last (texts: positions of one-hots), the shorter of the two is followed by zeros, and the joined
    spec says in `meta["joined"]` with which channel the input begins.

    Args:
        target: what a sample is.
        source: what an input is.

    Raises:
        RecipeError: the two have other axes.

    Source: Isola et al. 2017 (pix2pix), Eq. 1: D is conditioned on the input.
    """

    target: Spec
    source: Spec

    def __post_init__(self) -> None:
        axes = {(len(one.shape), one.channel_axis) for one in (self.target, self.source)}
        if axes != {(2, 1)} and (len(axes) > 1 or self.target.channel_axis):
            given = f"inputs of {self.source.shape} beside samples of {self.target.shape}"
            fix = "type --set input.judged=false"
            raise RecipeError(given, "the same axes, channels first, for a D that sees both", fix, key=["judged"])

    def __call__(self, x: Tensor, source: Tensor) -> Tensor:
        """x `(batch, channels, ...)` and its inputs -> `(batch, all channels, ...)`, or with the channels last."""
        if self.target.channel_axis:
            long = max(x.shape[1], source.shape[1])
            padded = [F.pad(one, (0, 0, 0, long - one.shape[1])) for one in (x, source.to(x))]
            return torch.cat(padded, 2)
        if source.shape[2:] != x.shape[2:]:
            source = F.interpolate(source, size=x.shape[2:], mode="nearest")
        return torch.cat([x, source.to(x)], 1)

    def spec(self) -> Spec:
        """What D is built for."""
        if self.target.channel_axis:
            long = max(self.target.shape[0], self.source.shape[0])
            meta = {**self.target.meta, "joined": self.target.shape[1]}
            return replace(self.target, shape=(long, self.target.shape[1] + self.source.shape[1]), meta=meta)
        shape = (self.target.shape[0] + self.source.shape[0], *self.target.shape[1:])
        return replace(self.target, shape=shape)
