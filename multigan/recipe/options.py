"""A builder's signature is its schema: recipe options are checked against keyword-only parameters."""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from multigan.core.errors import RecipeError, did_you_mean
from multigan.recipe.explain import nearest
from multigan.recipe.gone import refuse_gone, says_nothing
from multigan.recipe.limits import quoted
from multigan.recipe.numbers import bounds, complaint

__all__ = ["bind"]

TYPED = "--set {where}.{name}=VALUE"


def bind(
    builder: Callable[..., Any],
    options: Mapping[str, Any],
    where: str,
    typed: str = TYPED,
    beside: Collection[str] = (),
) -> dict[str, Any]:
    """Check and coerce the options of a net, loader, loss or game before anything is built.

    Args:
        builder: what they are for; its keyword-only parameters with annotations are the allowed options.
        options: as in the recipe.
        where: the recipe's table, for messages (`"G"`).
        typed: how a value is given, for messages, with `{where}`, `{name}` and `{flag}`.
        beside: keys of the same table that are no options, which may have been meant all the same.

    Returns:
        The options with values of the annotated types (a TOML list where a tuple is wanted becomes one).

    Raises:
        RecipeError: a key that the builder does not take, or no more, or a value of the wrong type; with the option's
            name as key.

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
    kept = {name: value for name, value in options.items() if name in allowed or not says_nothing(where, name, value)}
    for name in kept:
        if name not in allowed:
            refuse_gone(where, name, kept[name])
            fix = did_you_mean(name, {*allowed, *beside})
            raise RecipeError(f"{where}.{name} is no option here", "", fix, key=[name])
    return {name: _value((where, name, typed), value, hints.get(name, Any)) for name, value in kept.items()}


KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
}
"""For what the schema's library says of a value that may be of several kinds, and is of none."""


def _any_of(faults: Sequence[Any]) -> str:
    """What a value of several kinds may be, in words; "" of one kind, and where the words for one are not known."""
    kinds = list(dict.fromkeys(KINDS.get(fault["type"], "") for fault in faults))
    of_one = any(not fault["loc"] or isinstance(fault["loc"][0], int) for fault in faults)  # or of items of a list
    return "" if of_one or not all(kinds) else " or ".join(kinds)


def _value(place: tuple[str, str, str], value: Any, hint: Any) -> Any:
    where, name, typed = place
    near = ""
    try:
        adapter = TypeAdapter(hint, config=ConfigDict(arbitrary_types_allowed=True))
        taken = adapter.validate_python(value)
        wanted = complaint(value, taken)
    except ValidationError as error:
        first = error.errors()[0]
        near = nearest(first)
        beyond = first["type"] in ("greater_than", "greater_than_equal", "less_than", "less_than_equal")
        beyond = beyond or len(error.errors()) > 1  # none of several kinds
        wanted = (beyond and bounds(hint)) or _any_of(error.errors()) or first["msg"].removeprefix("Input should be ")
    if wanted:
        cure = "type " + typed.format(where=where, name=name, flag=name.replace("_", "-"))
        raise RecipeError(f"{where}.{name} = {quoted(value)}", wanted, near or cure, key=[name])
    return taken
