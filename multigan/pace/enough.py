"""Asks whether more time brings a run anything, and says once that it does not."""

from collections.abc import Callable
from pathlib import Path

from multigan.core.shell import typed

__all__ = ["Enough"]


class Enough:
    """True from the first time on that there is a reason to end.

    Args:
        why: the reason, or ""; is not asked again after it gave one.
        say: gets the line for people.
        folder: the run directory.
        minutes: that the run was given.
    """

    def __init__(self, why: Callable[[], str], say: Callable[[str], object], folder: Path, minutes: float) -> None:
        self.why, self.say = why, say
        self.folder, self.minutes = folder, minutes
        self._over = False

    def __call__(self) -> bool:
        """Whether to end now."""
        if not self._over and (why := self.why()):
            self._over = True
            more = f"multigan train --resume {typed(self.folder)} --minutes {self.minutes:g}"
            self.say(f"it ends early: {why}; the best one is kept. To go on all the same: {more}")
        return self._over
