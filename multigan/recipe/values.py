"""Values as TOML writes them: tomllib only reads."""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

__all__ = ["toml_value"]


def toml_value(value: Any, *, tight: bool = False) -> str:
    """One value on one line; `tomllib` reads the same back.

    Args:
        value: numbers (infinity and NaN too), words, truth values, and lists and tables of them. Keys of tables must
            be bare: letters, digits, `_` and `-`.
        tight: no blanks around `=` and inside braces, for a command line.

    Example:
        >>> toml_value({"name": "r1", "weight": 0.1})
        '{ name = "r1", weight = 0.1 }'
        >>> toml_value({"name": "r1", "weight": 0.1}, tight=True)
        '{name="r1", weight=0.1}'
    """
    if isinstance(value, Mapping):
        equals, inside = ("=", "") if tight else (" = ", " ")
        pairs = (f"{key}{equals}{toml_value(below, tight=tight)}" for key, below in value.items())
        return f"{{{inside}{', '.join(pairs)}{inside}}}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(item, tight=tight) for item in value) + "]"
    if isinstance(value, float):
        return float.__repr__(value)  # json would write Infinity and NaN, which are no TOML
    return "".join(_escaped(c) for c in json.dumps(value, ensure_ascii=False))


def _escaped(c: str) -> str:
    """TOML allows no bare control characters; marks of direction and the like nobody would see."""
    if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"):
        return c
    return f"\\u{ord(c):04x}" if ord(c) < 2**16 else f"\\U{ord(c):08x}"
