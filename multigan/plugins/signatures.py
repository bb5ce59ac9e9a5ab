"""Whether a method can be called as a protocol says, and means by its arguments what the protocol means."""

import inspect
from collections.abc import Callable
from typing import Any

__all__ = ["asked", "complaint"]

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def asked(protocol: type, member: str) -> str:
    """How the protocol's method is called, as `read_hole(text, spec)`."""
    given, named = _wanted(protocol, member)
    return f"{member}({', '.join([*given, *(f'{one}=...' for one in named)])})"


def complaint(method: Callable[..., Any], protocol: type, member: str) -> str:
    """What is wrong with a method's arguments, or "": it takes others, or those of the protocol in another order.

    Names of its own are fine; one of the protocol's at another place would be given something else than it says.
    """
    given, named = _wanted(protocol, member)
    try:
        signature = inspect.signature(method)
    except (ValueError, TypeError):  # written in another language
        return ""
    try:
        signature.bind(*given, **dict.fromkeys(named))
    except TypeError:
        return f"takes {signature}"
    names = [one.name.lstrip("_") for one in signature.parameters.values() if one.kind in POSITIONAL]
    for place, name in enumerate(names):
        if name in given and given.index(name) != place:
            return f"takes {signature}, which is given '{given[place]}' as '{name}'"
    return ""


def _wanted(protocol: type, member: str) -> tuple[list[str], list[str]]:
    wanted = [*inspect.signature(getattr(protocol, member)).parameters.values()][1:]  # without self
    given = [one.name for one in wanted if one.kind is one.POSITIONAL_OR_KEYWORD]
    return given, [one.name for one in wanted if one.kind is one.KEYWORD_ONLY]
