"""A builder's signature is its schema: recipe options are checked against keyword-only parameters."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from multigan.core.errors import RecipeError, did_you_mean
from multigan.recipe.limits import quoted
from multigan.recipe.numbers import bounds, complaint

__all__ = ["bind"]

TYPED = "--set {where}.{name}=VALUE"


def bind(builder: Callable[..., Any], options: Mapping[str, Any], where: str, typed: str = TYPED) -> dict[str, Any]:
    """Check and coerce the options of a net, loader, loss or game before anything is built.

    Args:
        builder: what they are for; its keyword-only parameters with annotations are the allowed options.
        options: as in the recipe.
        where: the recipe's table, for messages (`"G"`).
        typed: how a value is given, for messages, with `{where}`, `{name}` and `{flag}`.

    Returns:
        The options with values of the annotated types (a TOML list where a tuple is wanted becomes one).

    Raises:
        RecipeError: a key that the builder does not take, or a value of the wrong type.

    Example:
        >>> def build(spec, *, width: int = 64): ...
        >>> bind(build, {"width": 32}, "G")
        {'width': 32}
    """
    if not options:
        return {}  # and its annotations, which may name what is imported for type checkers only, need not resolve
    allowed = {
        name: parameter
        for name, parameter in inspect.signature(builder).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    target = builder.__init__ if inspect.isclass(builder) else builder
    hints = get_type_hints(target, include_extras=True)
    return {name: _value((where, name, typed), value, allowed, hints) for name, value in options.items()}


def _value(place: tuple[str, str, str], value: Any, allowed: Mapping[str, Any], hints: Mapping[str, Any]) -> Any:
    where, name, typed = place
    if name not in allowed:
        raise RecipeError(f"{where}.{name} is no option here", "", did_you_mean(name, allowed))
    try:
        adapter = TypeAdapter(hints.get(name, Any), config=ConfigDict(arbitrary_types_allowed=True))
        taken = adapter.validate_python(value)
        wanted = complaint(value, taken)
    except ValidationError as error:
        first = error.errors()[0]
        beyond = first["type"] in ("greater_than", "greater_than_equal", "less_than", "less_than_equal")
        wanted = (beyond and bounds(hints.get(name))) or first["msg"].removeprefix("Input should be ")
    if wanted:
        cure = typed.format(where=where, name=name, flag=name.replace("_", "-"))
        raise RecipeError(f"{where}.{name} = {quoted(value)}", wanted, f"type {cure}")
    return taken
