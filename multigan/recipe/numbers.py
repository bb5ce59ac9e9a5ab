"""The numbers that recipes and options may hold: finite, and of 64 bits where they are whole."""

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

__all__ = [
    "LARGEST",
    "LARGEST_FLOAT",
    "Beta",
    "Count",
    "Finite",
    "Fraction",
    "NonNegative",
    "Positive",
    "Seed",
    "Whole",
    "bounds",
    "complaint",
]

LARGEST = 2**63 - 1
"""The largest whole number that TOML, torch and safetensors agree on."""
LARGEST_FLOAT = 3.4e38
"""Nets compute in single precision."""


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("truth", "a number, not true or false")
    return value


_Number = BeforeValidator(_no_truth)
Finite = Annotated[float, _Number, Field(ge=-LARGEST_FLOAT, le=LARGEST_FLOAT, allow_inf_nan=False)]
Positive = Annotated[float, _Number, Field(gt=0, le=LARGEST_FLOAT, allow_inf_nan=False)]
NonNegative = Annotated[float, _Number, Field(ge=0, le=LARGEST_FLOAT, allow_inf_nan=False)]
Fraction = Annotated[float, _Number, Field(ge=0, le=1, allow_inf_nan=False)]
Beta = Annotated[float, _Number, Field(ge=0, lt=1, allow_inf_nan=False)]
"""Of running means: momentum, Adam's betas, smoothing."""
Whole = Annotated[int, _Number, Field(ge=0, le=LARGEST)]
Count = Annotated[int, _Number, Field(gt=0, le=LARGEST)]
Seed = Whole


def bounds(hint: Any) -> str:
    """The bounds of an annotation in words, or "" where it has none.

    Example:
        >>> bounds(Fraction), bounds(Count), bounds(Fraction | Literal["auto"])
        ('a number from 0 to 1', 'a whole number above 0', "a number from 0 to 1 or 'auto'")
    """
    if parts := get_args(hint) if get_origin(hint) in (Union, UnionType) else ():
        kinds = [", ".join(map(repr, get_args(one))) if get_origin(one) is Literal else bounds(one) for one in parts]
        return " or ".join(kinds) if all(kinds) else ""
    limits: dict[str, Any] = {}
    for part in getattr(hint, "__metadata__", ()):
        for limit in (part, *getattr(part, "metadata", ())):
            limits |= {name: getattr(limit, name) for name in ("gt", "ge", "lt", "le") if hasattr(limit, name)}
    limits = {name: limit for name, limit in limits.items() if abs(limit) < LARGEST_FLOAT and limit != LARGEST}
    words = {
        "gt": "above {:,}",
        "ge": "from {:,}" if "le" in limits or "lt" in limits else "of at least {:,}",
        "lt": "below {:,}",
        "le": "to {:,}" if "ge" in limits else "up to {:,}",
    }
    said = [text.format(limits[name]) for name, text in words.items() if name in limits]
    kind = "a whole number" if getattr(hint, "__origin__", None) is int else "a number"
    joined = (" " if "le" in limits and "ge" in limits else " and ").join(said)
    return f"{kind} {joined}" if said else ""


def complaint(given: Any, taken: Any) -> str:
    """Why a value cannot be an option though its type would do, or "".

    Args:
        given: as in the recipe or on the command line.
        taken: what became of it.
    """
    if isinstance(given, list | tuple) and isinstance(taken, list | tuple) and len(given) == len(taken):
        return next((why for pair in zip(given, taken, strict=True) if (why := complaint(*pair))), "")
    if isinstance(given, bool) and not isinstance(taken, bool) and isinstance(taken, int | float):
        return "a number, not true or false"
    if isinstance(taken, float) and not abs(taken) <= LARGEST_FLOAT:
        return f"a finite number up to {LARGEST_FLOAT:g}"
    if isinstance(taken, int) and not -LARGEST <= taken <= LARGEST:
        return f"a whole number up to {LARGEST:,}"
    return ""
