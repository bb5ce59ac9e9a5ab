"""Numbers and lines from a page, which may be anything."""

from multigan.core.errors import DataError

__all__ = ["LONGEST_LINE", "one_line_of", "whole", "within"]

LONGEST_LINE = 2000
"""Characters."""


def within(name: str, value: float, low: float, high: float) -> float:
    """The number.

    Raises:
        DataError: it is none, or out of its bounds.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise DataError(f"{name} = {value!r}", f"a number from {low} to {high}", "choose one in between")
    return value


def whole(name: str, value: float, low: int, high: int) -> int:
    """The number, where it is a whole one.

    Raises:
        DataError: it is none, or out of its bounds.
    """
    number = within(name, value, low, high)
    if number != int(number):
        raise DataError(f"{name} = {value}", "a whole number", "round it")
    return int(number)


def one_line_of(line: str) -> str:
    """The line without what surrounds it.

    Raises:
        DataError: it is several, or too long.
    """
    if not isinstance(line, str) or len(line) > LONGEST_LINE or "\n" in line.strip():
        raise DataError("that is no line", f"one line of at most {LONGEST_LINE:,} characters", "shorten it")
    return line.strip()
