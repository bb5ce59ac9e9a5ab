"""The stream that people read: its reader may leave, its disk fill up, its terminal be closed, and nothing ends."""

import io
import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

__all__ = ["Lasting", "keep_stderr_writable", "lasting"]


class Lasting(io.TextIOBase):
    """A stream of text that can be lost: what cannot be written is dropped, and nothing is raised.

    Args:
        stream: where it goes; None, as for a process without one, is lost from the beginning.

    Attributes:
        lost: whether a write failed (`head` has left, the disk is full, the terminal is closed); then it stays silent.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.lost = stream is None
        self._stream: TextIO = stream if stream is not None else io.StringIO()

    def write(self, text: str) -> int:
        """Write, or drop it."""
        self._attempt(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Flush, or leave it."""
        self._attempt(self._stream.flush)

    def isatty(self) -> bool:
        """Whether a person looks at it."""
        return not self.lost and not self._stream.closed and self._stream.isatty()

    def fileno(self) -> int:
        """The stream's own."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """It takes everything."""
        return True

    @property
    def encoding(self) -> Any:  # type: ignore[override]
        """The stream's own."""
        return self._stream.encoding

    @property
    def errors(self) -> Any:  # type: ignore[override]
        """The stream's own."""
        return self._stream.errors

    @property
    def buffer(self) -> Any:
        """The stream's own, for bytes."""
        return self._stream.buffer

    def _attempt(self, do: Callable[[], object]) -> None:
        if self.lost:
            return
        try:
            do()
        except BlockingIOError:
            return  # a reader who is slow, not gone
        except UnicodeError:
            raise
        except (OSError, ValueError):  # ValueError: it was closed
            self.lost = True


def lasting(stream: TextIO | None) -> Lasting:
    """The stream as one that may be lost; one that is so already stays itself."""
    return stream if isinstance(stream, Lasting) else Lasting(stream)


def keep_stderr_writable() -> None:
    """Make `sys.stderr` one that may be lost, and let no file that is opened later take its place.

    A process that is started without a standard stream (`2>&-`) would give its number to the next file it opens; then
    warnings of libraries end up in that file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    sys.stderr = lasting(sys.stderr)
