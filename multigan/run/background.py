"""Loggers that may be slow or broken, kept away from the run: a bounded queue, a thread, and no errors."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from multigan.core.counted import counted
from multigan.core.plain import words_of

__all__ = ["Background", "Writer"]

ROOM = 256  # rows that may wait; a logger that is slower than the run for longer than that loses rows


class Writer(Protocol):
    """Somewhere else for numbers to go: a dashboard, a tracking server."""

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Take the values of one step; may block and may raise."""
        ...


class Background:
    """Calls a `Writer` from a thread of its own, so that it can neither slow a run down nor end it.

    A full queue drops rows and counts them. A writer that raises is not called again. Either is said once, in one line,
    from the thread that trains. `metrics.jsonl` is not written this way: it is the record, and is complete.

    Args:
        writer: the slow or unreliable part.
        say: receives the lines, such as `console.print`.
        room: rows that may wait.
        name: for what is said of it; "" = that of its class.

    Attributes:
        dropped: rows that found the queue full.
    """

    def __init__(self, writer: Writer, say: Callable[[str], object], room: int = ROOM, name: str = "") -> None:
        self.writer, self.say, self.dropped = writer, say, 0
        self._name = name or type(writer).__name__
        self._rows: queue.Queue[tuple[int, Mapping[str, float]] | None] = queue.Queue(room)
        self._error: Exception | None = None
        self._disabled = False
        # A daemon: a writer that hangs for ever must not keep the process alive.
        self._thread = threading.Thread(target=self._work, name="multigan-logger", daemon=True)
        self._thread.start()

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Hand over one row; returns at once."""
        self._report()
        if self._disabled:
            return
        try:
            self._rows.put_nowait((step, values))
        except queue.Full:
            self.dropped += 1

    def close(self, wait_seconds: float = 5.0) -> None:
        """Give the writer so long to finish, then say what was lost."""
        waiting = self._end(wait_seconds)
        self._report()
        lost = self.dropped + waiting
        if lost and not self._disabled:
            self.say(
                f"{self._name} was too slow: {counted(lost, 'row was', 'rows were')} dropped or came too late; "
                f"metrics.jsonl has them all"
            )
        self._disabled = True

    def _end(self, wait_seconds: float) -> int:
        """Ask the thread to end and wait for it; the rows it had no time for."""
        deadline = time.monotonic() + wait_seconds
        with suppress(queue.Full):
            self._rows.put(None, timeout=wait_seconds if self._thread.is_alive() else 0.001)
        self._thread.join(max(0.0, deadline - time.monotonic()))
        waiting = list(self._rows.queue)
        return sum(row is not None for row in waiting) + self._thread.is_alive()

    def _report(self) -> None:
        if self._error is not None and not self._disabled:
            self._disabled = True
            why = words_of(self._error)
            self.say(f"{self._name} failed and is off for the rest of the run: {why}; the run goes on")

    def _work(self) -> None:
        while (row := self._rows.get()) is not None:
            try:
                self.writer.write(*row)
            except Exception as error:
                self._error = error
                return
