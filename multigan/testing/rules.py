"""What a check says when a rule is broken, or cannot be tried."""

from multigan.core.errors import PluginError

__all__ = ["BATCH", "Skip", "rule"]

BATCH = 4


class Skip(Exception):
    """A check does not apply; the message says why."""


def rule(holds: bool, given: str, expected: str) -> None:
    """Go on if a rule holds.

    Raises:
        PluginError: it does not.
    """
    if not holds:
        raise PluginError(given, expected, "see multigan.core.types for the contract")
