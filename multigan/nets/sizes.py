"""Which numbers the options of nets may hold: checked from a builder's signature before data is read."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

__all__ = ["Group", "Size", "SizeOrNone"]

LARGEST = 2**20
"""More channels, units or dimensions are a slip of the keyboard; whether fewer fit in memory is seen later."""


def _group(samples: int) -> int:
    if samples == 1:
        raise PydanticCustomError("group", "groups of 2 or more samples, 0 = off")
    return samples


Size = Annotated[int, Field(ge=1, le=LARGEST)]
"""Channels, units, dimensions of z."""
SizeOrNone = Annotated[int, Field(ge=0, le=LARGEST)]
"""The same of a part that 0 leaves out."""
Group = Annotated[int, Field(ge=0, le=LARGEST), AfterValidator(_group)]
"""Samples of a group in `MinibatchStd`."""
