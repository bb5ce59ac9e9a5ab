"""What a person sees while a verb is at work: a line on the terminal that goes when it is done, few lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from rich.console import Console

from multigan.engine.bar import LINE_COLUMNS, make_bar, spoken

if TYPE_CHECKING:
    from multigan.findings import Tick

__all__ = ["Onlooker", "waiting"]

FIRST_SECONDS = 5.0
LINE_SECONDS = 10.0
GONE = (OSError, ValueError)
"""What writing to a terminal that was closed raises: work goes on without an onlooker."""


class Onlooker(Console):
    """A console that falls silent when its reader leaves; rich's own ends the program and closes its output."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"stderr": True, **options})

    def on_broken_pipe(self) -> None:
        """Say nothing from here on."""
        self.quiet = True


@contextmanager
def waiting(what: str, *, quiet: bool = False, console: Console | None = None) -> Iterator["Tick"]:
    """Show on stderr that something is at work.

    A terminal gets a line that moves: with the time left after the first tick, with the time spent before. Elsewhere
    a line comes with the first tick after 5 seconds, and one every 10 seconds from there on: short work is silent.

    Args:
        what: is being done, as "looking at files".
        quiet: show nothing.
        console: where to write; default stderr.

    Yields:
        `tick(done, total)`, to be called as often as one likes; a total of 0 is one that is not known.
    """
    if quiet:
        yield lambda done, total: None
        return
    console = console or Onlooker()
    shown = _Bar(what, console) if console.is_terminal else _Lines(what, console)
    try:
        yield shown.tick
    finally:
        shown.close()


class _Bar:
    def __init__(self, what: str, console: Console) -> None:
        self.bar = make_bar(console, transient=True)
        self.task = self.bar.add_task(what, total=None)
        with suppress(*GONE):
            self.bar.start()

    def tick(self, done: int, total: int) -> None:
        with suppress(*GONE):
            self.bar.update(self.task, completed=done, total=total or None)

    def close(self) -> None:
        with suppress(*GONE):
            self.bar.stop()


class _Lines:
    def __init__(self, what: str, console: Console) -> None:
        self.what, self.console = what, console
        self.began = time.monotonic()
        self.due = self.began + FIRST_SECONDS

    def tick(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self.due:
            return
        self.due = now + LINE_SECONDS
        far = f"{done:,} of {total:,}" if total else f"{done:,}"
        left = (now - self.began) / done * (total - done) if done and total else 0.0
        line = f"{self.what}: {far}" + (f", about {spoken(left)} left" if left else "")
        with suppress(*GONE):
            self.console.print(line[:LINE_COLUMNS], highlight=False, markup=False, soft_wrap=True)

    def close(self) -> None:
        return
