"""The console of a run: every string that is printed on it is plain text on one line, without markup."""

from typing import Any

from rich.console import Console

from multigan.core.plain import one_line

__all__ = ["PlainConsole"]


class PlainConsole(Console):
    """`rich`'s console, with bars and tables, but names from files and recipes neither colour nor steer it."""

    def print(self, *objects: Any, **options: Any) -> None:
        """As of `rich`, but strings are plain."""
        plain = [one_line(one) if isinstance(one, str) else one for one in objects]
        super().print(*plain, **{"markup": False, "highlight": False, **options})
