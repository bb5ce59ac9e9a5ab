"""What a recipe may say of how sounds become slices."""

from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from multigan.plugins.audio.scan import HIGHEST_HZ, LOWEST_HZ

__all__ = [
    "LEAST_SAMPLES",
    "MOST_CHANNELS",
    "MOST_SAMPLES",
    "RATES",
    "SLICES",
    "Begin",
    "Channels",
    "Kind",
    "Options",
    "Rate",
    "Samples",
]

LEAST_SAMPLES, MOST_SAMPLES = 64, 2**26
MOST_CHANNELS = 64
RATES = f"{LOWEST_HZ:,} to {HIGHEST_HZ:,}, 0 for the rate that most files have, or auto for what their tones need"
SLICES = f"at least {LEAST_SAMPLES:,} and at most {MOST_SAMPLES:,}, or 0 for what fits the sounds"


def _word(hz: object) -> object:
    if isinstance(hz, str) and hz != "auto" and not hz.strip().isdecimal():
        raise PydanticCustomError("rate", RATES)
    return hz


def _rate(hz: int | str) -> int | str:
    if isinstance(hz, int) and hz and not LOWEST_HZ <= hz <= HIGHEST_HZ:
        raise PydanticCustomError("rate", RATES)
    return hz


def _slice(samples: int) -> int:
    if samples and not LEAST_SAMPLES <= samples <= MOST_SAMPLES:
        raise PydanticCustomError("slice", SLICES)
    return samples


Samples = Annotated[int, AfterValidator(_slice)]
Channels = Annotated[int, Field(ge=1, le=MOST_CHANNELS)]
Rate = Annotated[int | Literal["auto"], BeforeValidator(_word), AfterValidator(_rate)]
Kind = Literal["auto", "oneshot", "long"]
Begin = Literal["file", "onset"]
Ends = Literal["silence", "again"]


class Options(NamedTuple):
    """See `AudioModality.load`."""

    samples: int = 16_384
    sample_rate_hz: int | str = 0
    channels: int = 1
    kind: str = "auto"
    normalise: str = "peak"
    label_pattern: str = ""
    begin: str = "file"
    ends: str = "silence"

    @property
    def rate(self) -> int:
        """In Hz; 0 = the one that most files have."""
        return self.sample_rate_hz if isinstance(self.sample_rate_hz, int) else 0

    @property
    def open(self) -> bool:
        """Whether the sounds themselves have a say in how they are sliced."""
        asks_kind = self.kind == "auto" and self.begin == "onset"
        return not self.samples or self.sample_rate_hz == "auto" or asks_kind
