"""What is said where a table or objects lack the column that is wanted: the same of every format."""

from collections.abc import Sequence
from pathlib import Path

from multigan.core.errors import DataError
from multigan.core.plain import one_line

__all__ = ["named", "no_column"]

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


def no_column(file: Path, wanted: str, names: Sequence[str], *, numbered: bool = False) -> DataError:
    """The error that names all columns that there are.

    Args:
        file: where they are.
        wanted: the one that was asked for, "" = `text`.
        names: of the columns or keys.
        numbered: whether a column without a name may be asked for by its number.
    """
    fix = "type --set data.column=NAME"
    fix = f"{fix}; without a header, its number: --set data.column=1" if numbered else fix
    if len(names) == 2:
        fix = f"for pairs, type {PAIRS}, or their names; for one column alone, {fix}" if numbered else fix
    elif len(names) > 2 and numbered:
        fix = f"{fix}; for pairs of two of them, {PAIRS}"
    return DataError(
        f"{file} has no column '{_short(wanted or 'text')}'",
        f"one of {named(names) or 'none'}",
        fix,
        key=["column"],
    )
