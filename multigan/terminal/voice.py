"""What a run says to people: on the terminal, and in a file once nobody can read it there."""

import sys
from contextlib import suppress
from pathlib import Path

from multigan.terminal.console import PlainConsole
from multigan.terminal.output import lasting

__all__ = ["Voice"]


class Voice:
    """Says lines to people: on a console, and in a file from the moment that the console is lost.

    Args:
        quiet: say nothing at all.
        log: the file; made with the first line that nobody could read. Where it cannot be written either, the line is
            dropped.

    Attributes:
        console: the console, on the standard error stream as it is now.
    """

    def __init__(self, log: Path, *, quiet: bool = False) -> None:
        self.log, self._stream = log, lasting(sys.stderr)
        self.console = PlainConsole(quiet=quiet, file=self._stream)  # type: ignore[arg-type]

    def __call__(self, line: str) -> None:
        """Say one line as it is."""
        self.console.print(line, soft_wrap=True)
        if self._stream.lost and not self.console.quiet:
            with suppress(OSError), self.log.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(line + "\n")
