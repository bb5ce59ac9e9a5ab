"""What a person sees of something at work: a line on the terminal that goes when it is done, few lines elsewhere."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from rich.console import Console

from multigan.terminal.bar import LINE_COLUMNS, make_bar, spoken

__all__ = ["Onlooker", "Pace", "Shown", "waiting"]

FIRST_SECONDS = 5.0
LINE_SECONDS = 10.0
LONGEST_SECONDS = 600.0
"""Between two lines that have no news."""
CLAUSE = re.compile(r" \(|[;:,](?= )")
"""Behind the first words of a sentence."""
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

    def now(self, what: str, *, told: bool = False) -> None:
        """Something else is being done from here on; `told` = this was said in a line of its own already."""

    def close(self) -> None:
        """Work is done."""


@contextmanager
def waiting(what: str, *, quiet: bool = False, console: Console | None = None) -> Iterator[Shown]:
    """Show on stderr that something is at work.

    A terminal gets a line that moves: with the time left after the first tick, with the time spent before. Elsewhere
    a line comes after 5 seconds, and with ticks every 10 seconds from there on; without ticks it says how long this
    has taken, after 10 seconds more, then 20, 40 and so on. Short work is silent.

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


class Pace:
    """When a line is due: every 10 seconds where there is news, ever more seldom where there is none.

    Args:
        now: seconds, of any clock.

    Example:
        >>> pace = Pace(0.0)
        >>> [second for second in range(100) if pace.without_news(second)]
        [5, 15, 35, 75]
    """

    def __init__(self, now: float) -> None:
        self.due = now + FIRST_SECONDS
        self.gap = LINE_SECONDS

    def with_news(self, now: float) -> bool:
        """Whether to say at `now` how far it is."""
        if now < self.due:
            return False
        self.due, self.gap = now + LINE_SECONDS, LINE_SECONDS
        return True

    def without_news(self, now: float) -> bool:
        """Whether to say at `now` that it is still at work."""
        if now < self.due:
            return False
        self.due, self.gap = now + self.gap, min(2 * self.gap, LONGEST_SECONDS)
        return True

    def told(self, now: float) -> None:
        """A line was said at `now`."""
        self.due, self.gap = max(self.due, now + LINE_SECONDS), LINE_SECONDS


class _Nothing:
    def __init__(self, what: str, console: Console) -> None:
        pass

    def __call__(self, done: int, total: int) -> None:
        pass

    def now(self, what: str, *, told: bool = False) -> None:
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

    def now(self, what: str, *, told: bool = False) -> None:
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
        self.pace = Pace(self.began)
        self.closed = threading.Event()
        threading.Thread(target=self._without_ticks, daemon=True).start()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        with self.lock:
            if not self.pace.with_news(now):
                return
        far = f"{done:,} of {total:,}" if total else f"{done:,}"
        left = (now - self.began) / done * (total - done) if done and total else 0.0
        self._say(self.what, f": {far}" + (f", about {spoken(left)} left" if left else ""))

    def now(self, what: str, *, told: bool = False) -> None:
        with self.lock:
            self.what, self.began = what, time.monotonic()
            if told:
                self.pace.told(self.began)
            overdue = not told and self.pace.with_news(self.began)
        if overdue:
            self._say(what, " ...")

    def close(self) -> None:
        self.closed.set()

    def _without_ticks(self) -> None:
        """Signs of life of work that cannot say how far it is."""
        while not self.closed.wait(max(self.pace.due - time.monotonic(), 0.05)):
            with self.lock:
                now = time.monotonic()
                if not self.pace.without_news(now):
                    continue  # a tick was first
                what, far = self.what, f": {spoken(now - self.began)} so far"
            self._say(what, far)

    def _say(self, what: str, far: str) -> None:
        """How far is the news: of a long name, which was said in full, only the first clause is said again."""
        if len(what) + len(far) > LINE_COLUMNS:
            what = CLAUSE.split(what)[0]
        with suppress(*GONE):
            line = what[: LINE_COLUMNS - len(far)] + far
            self.console.print(line, highlight=False, markup=False, soft_wrap=True)
