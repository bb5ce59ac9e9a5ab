"""Packing: D judges several samples at once, so that it sees a lack of variety."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError, ShapeError
from multigan.core.types import Modality, Spec

__all__ = ["Pack", "build_pack"]


@dataclass(frozen=True)
class Pack:
    """`samples` neighbours of the batch, joined along the channel axis, become one.

    Args:
        samples: the paper's m.
        channel_axis: of one sample; see `Spec.channel_axis`.

    Source: Lin et al. 2018 (PacGAN), section 2.
    """

    samples: int
    channel_axis: int = 0

    def __call__(self, x: Tensor, draw: Draw) -> Tensor:
        """x `(batch, *shape)` -> `(batch / samples, *packed)`; nothing is drawn.

        Raises:
            ShapeError: the batch is not divisible.
        """
        if len(x) % self.samples:
            raise ShapeError(
                f"a batch of {counted(len(x), 'sample')} for packs of {self.samples}",
                f"a multiple of {self.samples}",
                "choose train.batch so that each process's (micro-)batch is one",
            )
        grouped = x.unflatten(0, (-1, self.samples))
        return torch.cat(grouped.unbind(1), dim=1 + self.channel_axis)

    def spec(self, spec: Spec) -> Spec:
        """`spec` with so many times the channels."""
        shape = list(spec.shape)
        shape[self.channel_axis] *= self.samples
        return replace(spec, shape=tuple(shape))


def build_pack(modality: Modality, spec: Spec, *, samples: int = 2) -> Pack:
    """Packs of `samples`.

    Raises:
        RecipeError: fewer than 2.
    """
    if samples < 2:
        raise RecipeError(
            f"pack with samples = {samples}", "at least 2", "leave the view out for none", key=["samples"]
        )
    return Pack(samples, spec.channel_axis)
