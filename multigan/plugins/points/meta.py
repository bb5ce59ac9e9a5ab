"""What a spec of points has to say so that they can be drawn in the data's units."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from multigan.core.types import Spec

__all__ = ["check_spec"]

Pair = Annotated[list[float], Field(min_length=2, max_length=2)]


class _Meta(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)

    centre: Pair
    scale: Annotated[float, Field(gt=0)]
    centres: list[Pair] = []
    deviation: Annotated[float, Field(ge=0)] = 0.0


def check_spec(spec: Spec) -> None:
    """Centre and scale of the data, and of a mixture its modes, are finite numbers; see `abilities.Decodes`."""
    _Meta.model_validate(dict(spec.meta))
