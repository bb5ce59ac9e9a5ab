"""What makes an input of a picture `(batch, channels, height, width)` in [-1, 1]."""

from dataclasses import dataclass, replace
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from multigan.augment.moves import span
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Modality, Spec

__all__ = ["HOLE", "Downsample", "Grey", "Hole", "build_downsample", "build_grey", "build_hole"]

HOLE = "hole"
"""Key of `Spec.meta`: the last channel is 1 where a picture is missing, else 0."""
LUMA = (0.299, 0.587, 0.114)
"""Of red, green and blue: ITU-R BT.601, as Pillow turns pictures grey."""


@dataclass(frozen=True)
class Grey:
    """One channel, the luma of BT.601."""

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """`(batch, 3, height, width)` -> `(batch, 1, height, width)`."""
        return (x * x.new_tensor(LUMA)[:, None, None]).sum(1, keepdim=True)

    def spec(self, spec: Spec) -> Spec:
        """One channel in place of three.

        Raises:
            RecipeError: it has others.
        """
        if spec.shape[0] != 3:
            given = f"pictures of {spec.shape[0]} channels turned grey"
            raise RecipeError(given, "3 channels", "type --set data.channels=3", key=["name"])
        return replace(spec, shape=(1, *spec.shape[1:]))


@dataclass(frozen=True)
class Downsample:
    """A picture of a fraction of the size, by bicubic interpolation with antialiasing.

    Args:
        factor: of both sides.
    """

    factor: int

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """`(batch, channels, height, width)` -> `(batch, channels, height / factor, width / factor)`."""
        size = (x.shape[2] // self.factor, x.shape[3] // self.factor)
        return F.interpolate(x, size=size, mode="bicubic", antialias=True)

    def spec(self, spec: Spec) -> Spec:
        """Smaller sides.

        Raises:
            RecipeError: the sides are no multiples of the factor.
        """
        channels, height, width = spec.shape
        if height % self.factor or width % self.factor:
            given = f"{width} × {height} pixels and factor = {self.factor}"
            fix = f"type --set data.size={max(4, -(-max(height, width) // self.factor) * self.factor)}"
            raise RecipeError(given, "sides that are multiples of the factor", fix, key=["factor"])
        return replace(spec, shape=(channels, height // self.factor, width // self.factor))


@dataclass(frozen=True)
class Hole:
    """A rectangle is missing: zeros in its place, and one channel more that is 1 there and 0 elsewhere.

    Args:
        least: smallest side of the hole, as a share of the picture's.
        most: largest one.

    Source: the input of Pathak et al. 2016 with the mask as a channel, as Suvorov et al. 2022 (LaMa), section 2.
    """

    least: float
    most: float

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """`(batch, channels, height, width)` -> `(batch, channels + 1, height, width)`."""
        inside = []
        for axis, purpose in ((2, "rows"), (3, "columns")):
            size = x.shape[axis]
            share = self.least + (self.most - self.least) * draw.uniform(f"{purpose}-share", (len(x),))
            length = (share * size).round().clamp(1, size).long()
            start = (draw.uniform(purpose, (len(x),)) * (size - length + 1)).long()
            inside.append(span(start, 1, size).cumsum(1).bool() & ~span(start + length, 1, size).cumsum(1).bool())
        hole = (inside[0][:, None, :, None] & inside[1][:, None, None, :]).to(x.device)
        return torch.cat([torch.where(hole, 0.0, x), hole.to(x)], 1)

    def spec(self, spec: Spec) -> Spec:
        """One channel more, and the word that says which."""
        return replace(spec, shape=(spec.shape[0] + 1, *spec.shape[1:]), meta={**spec.meta, HOLE: True})


def build_grey(modality: Modality, spec: Spec) -> Grey:
    """Pictures without colour."""
    return Grey()


def build_downsample(modality: Modality, spec: Spec, *, factor: Annotated[int, Field(ge=2, le=64)] = 2) -> Downsample:
    """Pictures of a fraction of the size."""
    return Downsample(factor)


def build_hole(
    modality: Modality,
    spec: Spec,
    *,
    least: Annotated[float, Field(gt=0, lt=1)] = 0.25,
    most: Annotated[float, Field(gt=0, lt=1)] = 0.5,
) -> Hole:
    """Pictures with a hole whose sides are `least` to `most` of theirs.

    Raises:
        RecipeError: `least` is above `most`.
    """
    if least > most:
        given = f"a hole with least = {least} and most = {most}"
        raise RecipeError(given, "least no larger than most", "swap them", key=["least"])
    return Hole(least, most)
