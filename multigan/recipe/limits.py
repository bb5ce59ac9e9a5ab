"""What a table from a TOML file may hold at all: bounded depth, numbers and text that can be handed on."""

from collections.abc import Iterator, Mapping
from typing import Any

from multigan.core.errors import RecipeError
from multigan.recipe.numbers import LARGEST

__all__ = ["DEEPEST", "LARGEST_BYTES", "SHOWN", "quoted", "refuse_monsters"]

DEEPEST = 16
"""Levels of tables and lists; recipes need five."""
LARGEST_BYTES = 2**20
"""Of a recipe's file; the longest that ships has two thousand."""
SHOWN = 80


def refuse_monsters(table: Mapping[str, Any]) -> None:
    """Walk all values, without recursion.

    Args:
        table: what tomllib read.

    Raises:
        RecipeError: too many levels, whole numbers beyond 64 bits, text with a zero byte or broken characters.
    """
    for path, value in _values(table):
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        if len(path) > DEEPEST:
            given = f"'{key}' has more than {DEEPEST} levels"
            raise RecipeError(given, "a recipe", "take it apart", key=path[:1])
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST:
            given = f"a whole number of {value.bit_length()} bits"
            raise RecipeError(given, f"at most {LARGEST:,}", "give a smaller one", key=path)
        for text in (key, value):
            if isinstance(text, str) and not _is_text(text):
                given = f"{quoted(key)} holds a zero byte or bytes that are no text ({quoted(text)})"
                raise RecipeError(given, "text in UTF-8", "rename the file or correct the value", key=path)


def quoted(value: Any) -> str:
    """A value for a message: its `repr`, cut where it is long."""
    if isinstance(value, int) and value.bit_length() > 4 * SHOWN:
        return f"a whole number of {value.bit_length()} bits"
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def _values(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Each value below the table, with its key. Stops below the deepest level."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), table)]
    while waiting:
        path, value = waiting.pop()
        if path:
            yield path, value
        if isinstance(value, Mapping):
            waiting += [((*path, str(name)), below) for name, below in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, k), below) for k, below in enumerate(value)]


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
