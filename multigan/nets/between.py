"""Which map lies between noise and codes, by name."""

from typing import Literal, TypeAlias

from multigan.nets.flow import Flow
from multigan.nets.transport import Transport

__all__ = ["Prior", "between"]

Prior: TypeAlias = Literal["couplings", "transport"]


def between(kind: Prior, nz: int, layers: int, width: int, classes: int, dropout: float) -> Flow | Transport:
    """A map of z to codes; with 0 layers codes are z, whatever its name.

    Args:
        kind: `couplings`, learnt by likelihood, or `transport`, learnt by velocities.
        nz: size of z and of a code.
        layers: of the map.
        width: hidden units.
        classes: number of classes, 0 = unconditional.
        dropout: share of hidden units that are dropped while it learns.
    """
    make = Transport if kind == "transport" and layers else Flow
    return make(nz, layers, width, classes, dropout)
