"""Inputs that are made of their targets on the device: a smaller picture, a grey one, one with a hole, a noisy one."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Spec, View

__all__ = ["Changing", "Degraded"]


@runtime_checkable
class Changing(Protocol):
    """A view that changes what a sample is."""

    def spec(self, spec: Spec) -> Spec:
        """What becomes of samples like `spec`."""
        ...


class Degraded:
    """Targets seen through views, one after the other.

    The draw of a batch is a function of the seed and the batch's number: a resume degrades as the unbroken run does,
    and several processes as one.

    Args:
        views: `(x, draw) -> x'`, in order.
        spec: of a target.
    """

    aligned = True
    resident = True

    def __init__(self, views: Sequence[View], spec: Spec) -> None:
        self.views = tuple(views)
        for view in self.views:
            spec = view.spec(spec) if isinstance(view, Changing) else spec
        self.spec = spec

    def take(self, indices: Tensor, draw: Draw) -> None:
        """Nothing: there are no raw inputs."""

    @torch.no_grad()
    def make(self, real: Tensor, raw: Tensor | None, draw: Draw) -> Tensor:
        """Degraded targets `(batch, *spec.shape)`."""
        x = real
        for number, view in enumerate(self.views):
            x = view(x, draw.child(f"degrade-{number}"))
        return x
