"""What the verbs print: one place, where names from files and strangers become plain text."""

import json
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, TextIO

from multigan.core.plain import json_text, one_line

__all__ = ["echo", "echo_json", "print_everywhere", "watched"]


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
        text = json.dumps(value, indent=indent)
    _write(sys.stdout, f"{text}\n")


def print_everywhere() -> None:
    """Let a terminal that has not got a letter show its number, in place of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            with suppress(OSError, ValueError):
                stream.reconfigure(errors="backslashreplace")


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:  # a program can be started without them
        stream.write(text)
        stream.flush()


def watched() -> bool:
    """Whether a person looks at what is said: a terminal, where lines may be replaced."""
    return sys.stderr.isatty()
