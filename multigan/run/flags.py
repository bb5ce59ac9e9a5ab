"""What `evaluation.json` says to programs: flags, each a key and the words that people read."""

from collections.abc import Mapping
from typing import Any

__all__ = ["MEMORISING", "UNTOLD", "flags_of"]

MEMORISING = "memorising"
"""The fakes are copies of trained items, or nearly."""
UNTOLD = "memorising-untold"
"""Too little is held out to tell whether they are."""


def flags_of(evaluation: Mapping[str, Any]) -> dict[str, str]:
    """The flags of an evaluation, key to words."""
    flags = evaluation.get("flags")
    return _read_from_words(evaluation) if flags is None else dict(flags)


def _read_from_words(evaluation: Mapping[str, Any]) -> dict[str, str]:
    """The same of a file from before there were flags: the only place that reads sentences, which no longer change."""
    warnings, verdict = ([str(line) for line in evaluation.get(name) or ()] for name in ("warnings", "verdict"))
    copies = [line for line in warnings if line.lower().startswith("memoris")]
    untold = [line for line in verdict if line.lower().startswith("memorising: cannot be told")]
    return {key: "; ".join(lines) for key, lines in ((MEMORISING, copies), (UNTOLD, untold)) if lines}
