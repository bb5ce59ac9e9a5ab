"""What a spec of sounds has to say so that they can be written: a rate that would be read, too."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from multigan.core.types import Spec
from multigan.plugins.audio.mel_definition import KEY, MelDefinition
from multigan.plugins.audio.mel_samples import SEEN
from multigan.plugins.audio.scan import HIGHEST_HZ, LOWEST_HZ

__all__ = ["check_spec"]


class _Meta(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)

    sample_rate_hz: Annotated[int, Field(ge=LOWEST_HZ, le=HIGHEST_HZ)]


def check_spec(spec: Spec) -> None:
    """The rate is one that the loader takes, and a mel spectrum one that can be made; see `abilities.Decodes`."""
    _Meta.model_validate(dict(spec.meta))
    for key in (KEY, SEEN):
        if key in spec.meta:
            TypeAdapter(MelDefinition).validate_python(spec.meta[key])
