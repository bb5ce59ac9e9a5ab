"""How long each stage took, and how much memory all of them."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Stages", "peak_memory_bytes"]


class Stages:
    """Seconds by stage.

    Attributes:
        seconds: so far.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Add the time of the block to stage `name`, also where it fails."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - began, 3)


def peak_memory_bytes() -> int:
    """Most memory that this process ever held at once."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
