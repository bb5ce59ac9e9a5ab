"""What the verbs print: one place, where names from files and strangers become plain text."""

import sys
from collections.abc import Callable
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO

from multigan.core import strict_json
from multigan.core.plain import json_text, one_line

if TYPE_CHECKING:
    from multigan.terminal.waiting import Shown

__all__ = ["OUTPUT", "echo", "echo_json", "print_everywhere", "sayer", "tell_output_by_name", "watched"]

OUTPUT = "standard output"


class _Named(FileIO):
    """A file of the system that says in its errors what could not be written."""

    def write(self, data: Any) -> int:
        """Write; an error has the name of the output."""
        try:
            return super().write(data)
        except OSError as error:
            error.filename = OUTPUT
            raise


def echo(*lines: object, err: bool = False) -> None:
    """Print lines, each of which stays one line whatever names stand in it.

    Args:
        lines: one entry a line.
        err: to standard error, where everything goes that is no result.
    """
    _write(sys.stderr if err else sys.stdout, "".join(f"{one_line(line)}\n" for line in lines))


def echo_json(value: Any, indent: int | None = 1) -> None:
    """Print JSON: in the letters of its words, or escaped where the terminal has not got them."""
    text = json_text(value, indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, AttributeError):
        text = strict_json.dumps(value, indent=indent)
    _write(sys.stdout, f"{text}\n")


def print_everywhere() -> None:
    """Let a terminal that has not got a letter show its number, in place of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            with suppress(OSError, ValueError):
                stream.reconfigure(errors="backslashreplace")


def tell_output_by_name() -> None:
    """Let errors of writing to standard output name it: a full disk behind `> FILE`, in whatever prints there."""
    old = sys.stdout
    if isinstance(old, TextIOWrapper):
        with suppress(OSError, ValueError):
            raw = _Named(old.fileno(), "wb", closefd=False)
            sys.stdout = TextIOWrapper(BufferedWriter(raw), old.encoding, old.errors, None, old.line_buffering)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:  # a program can be started without them
        stream.write(text)
        stream.flush()


def watched() -> bool:
    """Whether a person looks at what is said: a terminal, where lines may be replaced."""
    return sys.stderr.isatty()


def sayer(shown: "Shown", *, quiet: bool) -> Callable[[str], None]:
    """What says how far work is: in place of the line that a terminal shows of it, else as a line of its own.

    Args:
        shown: of the work.
        quiet: say nothing where nobody looks.
    """

    def say(line: str) -> None:
        if watched():
            shown.now(line)
        elif not quiet:
            echo(line, err=True)
            shown.now(line, told=True)

    return say
