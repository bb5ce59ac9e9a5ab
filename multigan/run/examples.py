"""Inputs that a run was shown, read from its newest sheet of texts: what somebody can ask its generator."""

from pathlib import Path

from multigan.plugins.text import BETWEEN

__all__ = ["example_inputs"]

LONGEST = 200
"""Characters of an example: nobody types more."""
COLUMNS = 3


def example_inputs(folder: str | Path, most: int = 2) -> list[str]:
    """Different inputs of one line from `samples/`, where each stands above its output and its target.

    Args:
        folder: a run directory; of anything else there are none.
        most: as many at most.
    """
    sheets = sorted(Path(folder).glob("samples/samples-*.txt"))
    try:
        text = sheets[-1].read_text(encoding="utf-8") if sheets else ""
    except (OSError, UnicodeError):  # who asked can talk without examples
        return []
    parts = text.rstrip("\n").split(BETWEEN if BETWEEN in text else "\n")
    found = dict.fromkeys(part.strip() for part in parts[::COLUMNS])
    return [one for one in found if one and "\n" not in one and len(one) <= LONGEST][:most]
