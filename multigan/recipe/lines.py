"""Where a key stands in a TOML file, for error messages: tomllib keeps no lines, so it is asked again."""

import tomllib
from collections.abc import Sequence
from typing import Any

__all__ = ["line_of"]

CLOSERS = ("", "]", "]]", "]}", "]}]", '"""', "'''", '"""]', "''']")
"""What may be open at the end of a line: arrays, also in tables of one line, and texts of several lines."""
MOST_LINES = 1000
"""Of files that are searched: every line is parsed again with all before it."""


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    r"""The 1-based line that sets the key at `path`, or the nearest table above it that has one.

    It is the last line of the shortest beginning of the file that `tomllib` parses and in which the path exists.

    Args:
        text: the TOML file.
        path: keys from the top, numbers for places in arrays: `("phases", 0, "turns")`.

    Returns:
        A line, or None where the file does not mention any part of the path, or has more than a thousand lines.

    Example:
        >>> line_of('[train]\nbatch = 3', ("train", "batch"))
        2
    """
    lines = text.split("\n")  # as TOML does: other line breaks stand inside texts
    beginnings = [_parsed(lines[: k + 1]) for k in range(len(lines))] if len(lines) <= MOST_LINES else []
    for depth in range(len(path), 0, -1):
        for number, table in enumerate(beginnings, 1):
            if table is not None and _exists(table, path[:depth]):
                return number
    return None


def _parsed(lines: Sequence[str]) -> dict[str, Any] | None:
    """The table that these lines make, once what is open at their end is closed; None where they make none."""
    for closer in CLOSERS:
        try:
            return tomllib.loads(
                "\n".join(lines) + "\n" + closer
            )  # on a line of its own: the last may end in a comment
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
    return None


def _exists(table: Any, path: Sequence[str | int]) -> bool:
    for part in path:
        if isinstance(part, int):
            if not isinstance(table, list) or part >= len(table):
                return False
        elif not isinstance(table, dict) or part not in table:
            return False
        table = table[part]
    return True
