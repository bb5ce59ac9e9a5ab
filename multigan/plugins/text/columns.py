"""What is said where a table or objects lack the column that is wanted: the same of every format."""

from collections.abc import Sequence
from pathlib import Path

from multigan.core.errors import DataError
from multigan.core.plain import one_line

__all__ = ["SIDES", "below_one", "named", "no_column", "of_side"]

SIDES = ("input.column", "data.column")
"""The keys of the two columns of pairs, that of inputs first."""

PAIRS = "--recipe text/pairs --set input.column=1 --set data.column=2"
"""What to type for two columns of a table without a header, the first the input."""
LONGEST = 24
"""Characters of what may be a name and may be a text."""
MOST = 20


def named(names: Sequence[str]) -> str:
    """Names of columns in a line; of a first row without a header, how its texts begin.

    Example:
        >>> named(["prompt", "What became of the others?"])
        'prompt, What became of the other…'
    """
    more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
    return ", ".join(map(_short, names[:MOST])) + more


def _short(name: str) -> str:
    name = one_line(name)
    return name if len(name) <= LONGEST else f"{name[:LONGEST].rstrip()}…"


def below_one(key: str, wanted: str) -> DataError | None:
    """The error for a column that is asked for by a negative number, which no table has and nobody calls a column."""
    if not (wanted.startswith("-") and _is_number(wanted)):
        return None
    given, expected = f"{key} = {_short(wanted)}", "the name of a column, or its number, from 1 on"
    return DataError(given, expected, f"type --set {key}=1", key=key.split("."), whole=True)


def of_side(error: DataError, key: str) -> DataError:
    """What was found wrong with one column, where it is one of two: its own key, and nothing of other ways to read it.

    Args:
        error: of a file that lacks a column, or has it twice; any other comes back as it is.
        key: one of `SIDES`.
    """
    if error.key == ("column",):
        fix = f"type --set {key}=NAME{', or its number' if 'its number' in error.fix else ''}"
        return DataError(error.given, error.expected, fix, key=key.split("."), whole=True)
    if "input.column" in error.fix or "data.column" not in error.fix:
        return error
    return DataError(error.given, error.expected, error.fix.replace("data.column", key), key=key.split("."), whole=True)


def _is_number(wanted: str) -> bool:
    digits = wanted.removeprefix("-")
    return digits.isascii() and digits.isdigit()


def no_column(file: Path, wanted: str, names: Sequence[str], *, numbered: int = 0) -> DataError:
    """The error that names all columns that there are.

    Args:
        file: where they are.
        wanted: the one that was asked for, "" = `text`.
        names: of the columns or keys.
        numbered: columns that may be asked for by number, where they need no name.
    """
    fix = "type --set data.column=NAME"
    fix = f"{fix}; without a header, its number: --set data.column=1" if numbered else fix
    if len(names) == 2:
        fix = f"for pairs, type {PAIRS}, or their names; for one column alone, {fix}" if numbered else fix
    elif len(names) > 2 and numbered:
        fix = f"{fix}; for pairs of two of them, {PAIRS}"
    by_number = f", or a number from 1 to {numbered}" if numbered and _is_number(wanted) and names else ""
    return DataError(
        f"{file} has no column '{_short(wanted or 'text')}'",
        f"one of {named(names) or 'none'}{by_number}",
        fix,
        key=["column"],
    )
