"""A stream for talk that may be lost: a reader that left, a full disk or a closed terminal silences it, and no more."""

import os
from contextlib import suppress
from typing import IO, Any

__all__ = ["Lasting"]


class Lasting:
    """A text stream whose writes never fail; the first that would sends all further ones to nowhere.

    What a command prints for its own sake (results on standard output) is no talk: there the reader's leaving ends it.

    Args:
        stream: where to write; every other attribute is its own.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, if anybody can still be reached."""
        try:
            return self._stream.write(text)
        except (OSError, ValueError) as error:
            self._lost(error)
            return len(text)

    def flush(self) -> None:
        """Flush, if anybody can still be reached."""
        try:
            self._stream.flush()
        except (OSError, ValueError) as error:
            self._lost(error)

    def _lost(self, error: Exception) -> None:
        """Point the stream's own file to nowhere, so that what is still buffered does not fail when Python leaves."""
        if isinstance(error, ValueError) and not self._stream.closed:
            raise error
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
