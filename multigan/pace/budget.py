"""What a person asks for: minutes of a clock on the wall, or real samples in all."""

import math
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from multigan.core.errors import RecipeError

__all__ = ["MOST_MINUTES", "Budget", "process_began"]

MOST_MINUTES = 60 * 24 * 366


@dataclass(frozen=True)
class Budget:
    """How long a call of `train` or `resume` may take; nothing = as long as the recipe says.

    Args:
        minutes: of wall time from `began` on, with all that is read, measured and written.
        samples: real samples of the whole run, all phases.
        clock: seconds, which never go back.
        began: when the call began, on that clock; default now.
        free: keys of the recipe that may be chosen to fit.
        kept: keys of the recipe that somebody set and that are lengths, see `set_lengths`.

    Raises:
        RecipeError: both are given, or one is out of range.
    """

    minutes: float | None = None
    samples: int | None = None
    clock: Callable[[], float] = time.monotonic
    began: float = math.nan
    free: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if math.isnan(self.began):
            object.__setattr__(self, "began", self.clock())
        if self.minutes is not None and self.samples is not None:
            raise RecipeError("minutes and samples", "one of the two", "leave one away")
        if self.minutes is not None and not 0 < self.minutes <= MOST_MINUTES:
            raise RecipeError(
                f"--minutes {self.minutes:g}", "more than 0, at most a year", "type for example --minutes 5"
            )
        if self.samples is not None and not 0 < self.samples <= 2**53:
            raise RecipeError(f"--samples {self.samples:,}", f"1 to {2**53:,}", "type --samples 20000")

    def __bool__(self) -> bool:
        """Whether anything was asked for."""
        return self.minutes is not None or self.samples is not None

    def elapsed(self) -> float:
        """Seconds since the call began."""
        return self.clock() - self.began


def process_began() -> float:
    """When this process began, on the clock of `time.monotonic`: starting Python and its packages takes time too.

    Where the system does not tell, it is later by the time in which this process had to wait.
    """
    age = time.process_time()
    with suppress(OSError, IndexError, ValueError, AttributeError):
        ticks = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
        hertz = os.sysconf("SC_CLK_TCK")
        age = max(age, time.clock_gettime(time.CLOCK_BOOTTIME) - int(ticks) / hertz)
    return time.monotonic() - age
