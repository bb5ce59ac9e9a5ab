"""What a person sees of something at work: a line on the terminal that goes when it is done, few lines elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from rich.console import Console

from multigan.terminal.bar import LINE_COLUMNS, make_bar, spoken

__all__ = ["Onlooker", "Shown", "waiting"]

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


class Shown(Protocol):
    """What is shown of some work. As a function it is the `Tick` that others call."""

    def __call__(self, done: int, total: int) -> None:
        """So much is done; a total of 0 is one that is not known."""

    def now(self, what: str) -> None:
        """Something else is being done from here on."""

    def close(self) -> None:
        """Work is done."""


@contextmanager
def waiting(what: str, *, quiet: bool = False, console: Console | None = None) -> Iterator[Shown]:
    """Show on stderr that something is at work.

    A terminal gets a line that moves: with the time left after the first tick, with the time spent before. Elsewhere
    a line comes after 5 seconds and every 10 seconds from there on, with ticks or without: short work is silent.

    Args:
        what: is being done, as "looking at files".
        quiet: show nothing.
        console: where to write; default stderr.
    """
    console = console or Onlooker()
    kind = _Nothing if quiet else _Bar if console.is_terminal else _Lines
    shown: Shown = kind(what, console)
    try:
        yield shown
    finally:
        shown.close()


class _Nothing:
    def __init__(self, what: str, console: Console) -> None:
        pass

    def __call__(self, done: int, total: int) -> None:
        pass

    def now(self, what: str) -> None:
        pass

    def close(self) -> None:
        pass


class _Bar:
    def __init__(self, what: str, console: Console) -> None:
        self.bar = make_bar(console, transient=True)
        self.task = self.bar.add_task(what, total=None)
        with suppress(*GONE):
            self.bar.start()

    def __call__(self, done: int, total: int) -> None:
        with suppress(*GONE):
            self.bar.update(self.task, completed=done, total=total or None)

    def now(self, what: str) -> None:
        with suppress(*GONE):
            self.bar.reset(self.task, description=what, total=None)

    def close(self) -> None:
        with suppress(*GONE):
            self.bar.stop()


class _Lines:
    def __init__(self, what: str, console: Console) -> None:
        self.what, self.console = what, console
        self.lock = threading.Lock()
        self.began = time.monotonic()
        self.due = self.began + FIRST_SECONDS
        self.closed = threading.Event()
        threading.Thread(target=self._without_ticks, daemon=True).start()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        with self.lock:
            if now < self.due:
                return
            self.due = now + LINE_SECONDS
        far = f"{done:,} of {total:,}" if total else f"{done:,}"
        left = (now - self.began) / done * (total - done) if done and total else 0.0
        self._say(f"{self.what}: {far}" + (f", about {spoken(left)} left" if left else ""))

    def now(self, what: str) -> None:
        self.what, self.began = what, time.monotonic()
        with self.lock:
            overdue = self.began >= self.due
            self.due = self.began + LINE_SECONDS if overdue else self.due
        if overdue:
            self._say(f"{what} ...")

    def close(self) -> None:
        self.closed.set()

    def _without_ticks(self) -> None:
        """Signs of life of work that cannot say how far it is."""
        while not self.closed.wait(max(self.due - time.monotonic(), 0.05)):
            with self.lock:
                now = time.monotonic()
                if now < self.due:
                    continue  # a tick was first
                self.due = now + LINE_SECONDS
            self._say(f"{self.what} ...")

    def _say(self, line: str) -> None:
        with suppress(*GONE):
            self.console.print(line[:LINE_COLUMNS], highlight=False, markup=False, soft_wrap=True)
