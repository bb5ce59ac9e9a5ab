"""The one writer of JSON: what it writes is JSON to every reader, which knows no NaN and no Infinity (RFC 8259, 6)."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

__all__ = ["dumps", "finite"]

NOT_JSON = "Out of range float values"
"""How Python begins to say that a number is not finite."""


def dumps(value: Any, **layout: Any) -> str:
    """JSON in which a number that is not finite is null, and which any file can hold.

    A name that is no UTF-8 has its bytes as halves of pairs in Python; they are escaped, also without `ensure_ascii`.

    Args:
        value: mappings, lists, tuples, strings, numbers, truths and None, of any nesting.
        **layout: of `json.dumps`: `indent`, `ensure_ascii`, `sort_keys`, `separators`.

    Raises:
        TypeError: something else is in it.
        ValueError: it holds itself.

    Example:
        >>> dumps({"fid": float("nan"), "kid": [1.5, float("inf")]})
        '{"fid": null, "kid": [1.5, null]}'
    """
    try:
        text = json.dumps(value, allow_nan=False, **layout)
    except ValueError as error:
        if not str(error).startswith(NOT_JSON):
            raise
        text = json.dumps(finite(value), allow_nan=False, **layout)
    return text.encode("utf-8", "backslashreplace").decode()


def finite(value: Any) -> Any:
    """The same with None in the place of every number that is not finite; mappings become dicts, tuples lists."""
    if isinstance(value, Mapping):
        return {key: finite(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inside) for inside in value]
    return None if isinstance(value, float) and not isfinite(value) else value
