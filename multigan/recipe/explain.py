"""What the schema says of a wrong recipe, in one sentence: given, expected, what to type."""

import math
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from multigan.core.counted import counted
from multigan.core.errors import RecipeError, did_you_mean
from multigan.core.shell import typed
from multigan.recipe.limits import quoted
from multigan.recipe.origin import Key, shown_key
from multigan.recipe.schema import GameTable, GuardTable, OptimTable, PhaseTable, PlayerOptim, Recipe, Train

__all__ = ["explained", "nearest"]

HOMES: Mapping[str, Any] = {
    "optim": OptimTable,
    "phases": PhaseTable,
    "train": Train,
    "game": GameTable,
    "guard": GuardTable,
}

BOUNDS = {"gt": "above", "ge": "of at least", "lt": "below"}
"""The words for what the schema bounds numbers by."""
WORDS = {
    "string_too_short": "some text",
    "too_short": "one value or more",
    "model_type": "a table, such as {name = NAME}",
}
"""For what the schema's library says of its own classes."""
LISTS = ("penalties", "matching", "constraints", "views", "phases")
"""Keys whose lists hold tables."""
TABLES = ("data", "G", "D")
"""That every recipe has."""


def explained(error: ValidationError, table: Mapping[str, Any]) -> RecipeError:
    """The first fault, with its key.

    Args:
        error: of the schema.
        table: that it refused.
    """
    faults = error.errors()
    # A misspelt key shows up twice, as unknown and as missing: name the typo.
    first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
    key = _key(first, table)
    dotted, last = shown_key(key, table), str(key[-1])
    if first["type"] == "extra_forbidden":
        fix = _of_phase(table, last) or did_you_mean(last, _siblings(key))
        return RecipeError(f"unknown key '{dotted}'", _of_player(key, fix), fix, key=key)
    if first["type"] == "missing":
        return _missing(key, table)
    same = [fault for fault in faults if _key(fault, table) == key]
    wanted = dict.fromkeys(_wanted(fault, key) for fault in same)
    value = "[...]" if first["type"] == "tuple_type" else "VALUE"
    fix = nearest(first) or f"type --set {typed(f'{dotted}={value}')}"
    return RecipeError(f"{dotted} = {quoted(first['input'])}", " or ".join(wanted), fix, key=key)


def nearest(fault: Any) -> str:
    """`"did you mean 'adam'?"` for a word that is nearly one of those that are expected, else ""."""
    if fault["type"] != "literal_error" or not isinstance(fault["input"], str):
        return ""
    hint = did_you_mean(fault["input"], re.findall("'([^']+)'", fault["ctx"]["expected"]))
    return hint if hint.startswith("did you mean") else ""


def _key(fault: Any, table: Any) -> tuple[str | int, ...]:
    """Of pydantic's place of a fault what is in the recipe, or is missing there: no names of kinds between."""
    key: list[str | int] = []
    for part in fault["loc"]:
        try:
            table = table[part]
        except (TypeError, KeyError, IndexError):
            if fault["type"] != "missing" or part != fault["loc"][-1]:
                continue
        key.append(part)
    return tuple(key)


def _wanted(fault: Any, key: Key) -> str:
    """What is expected, in the words of recipes."""
    if fault["type"] == "tuple_type":
        return "a list of tables, such as [{name = NAME}]" if key[-1] in LISTS else "a list of values"
    if isinstance(fault["input"], float) and not math.isfinite(fault["input"]):
        limits = fault.get("ctx", {})
        bounds = (f" {word} {limits[key]:g}" for key, word in BOUNDS.items() if key in limits)
        return f"a finite number{next(bounds, '')}"
    return WORDS.get(fault["type"]) or str(fault["msg"]).removeprefix("Input should be ")


def _of_player(key: Key, fix: str) -> str:
    """What may stand beside the settings of `[optim]`, where the key is no misspelt one of them."""
    if len(key) != 2 or key[0] != "optim" or fix.startswith("did you mean"):
        return ""
    return "a setting, or a player of the game with a table, such as {lr = 1e-4}"


def _missing(key: Key, table: Mapping[str, Any]) -> RecipeError:
    dotted = shown_key(key, table)
    if isinstance(key[-1], int):
        given = f"{dotted} has {counted(key[-1], 'value')}"
        return RecipeError(given, f"{key[-1] + 1} or more", f"type --set {typed(f'{dotted}=[...]')}", key=key)
    fix = f"type --set {typed(f'{dotted}=VALUE')}"
    if len(key) == 1:
        fix = f"write the table [{dotted}]" if dotted in TABLES else f"write {dotted} = VALUE"
    return RecipeError(f"'{dotted}' is missing", "every recipe to have it", fix, key=key)


def _of_phase(table: Mapping[str, Any], key: str) -> str:
    """How a phase is set whose name was given as a key."""
    phases = table.get("phases")
    names = [phase.get("name") for phase in phases if isinstance(phase, Mapping)] if isinstance(phases, list) else []
    return f"it is a phase: type --set {typed(f'phases.{key}.samples=N')}" if key in names else ""


def _siblings(key: Key) -> list[str]:
    """The keys that exist where an unknown one stands."""
    names = [part for part in key if isinstance(part, str)]
    if len(names) == 1:
        return [*Recipe.model_fields, "extends"]
    if names[0] == "optim" and len(names) > 2:
        return [*PlayerOptim.model_fields]
    return [*HOMES[names[0]].model_fields] if names[0] in HOMES else []
