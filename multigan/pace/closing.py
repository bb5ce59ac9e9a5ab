"""How long the end of a run takes, before it is there."""

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

__all__ = ["Closing"]

P = ParamSpec("P")
T = TypeVar("T")


class Closing:
    """Remembers how long things took that are done once more after the last iteration.

    Args:
        clock: seconds.
        others: each says how long one more thing took the last time.

    Attributes:
        others: may be added to.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *others: Callable[[], float]) -> None:
        self.clock, self.others = clock, list(others)
        self._took: dict[str, float] = {}

    def timed(self, name: str, action: Callable[P, T]) -> Callable[P, T]:
        """The action, timed whenever it is called."""

        def run(*args: P.args, **options: P.kwargs) -> T:
            began = self.clock()
            try:
                return action(*args, **options)
            finally:
                self._took[name] = self.clock() - began

        return run

    def knows(self, name: str) -> bool:
        """Whether it was done before."""
        return name in self._took

    def __call__(self) -> float:
        """Seconds of all of them, each as it took the last time."""
        return sum(self._took.values()) + sum(other() for other in self.others)
