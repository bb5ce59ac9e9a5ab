"""Rows of scores that a modality gives: the one look at them, for an evaluation as for `multigan check`."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from multigan.core.errors import MultiGANError, PluginError
from multigan.core.plain import words_of
from multigan.core.types import Modality
from multigan.metrics.rows import BETTER, GROUPS, TAKEN
from multigan.plugins.contract import guarded

__all__ = ["Sifted", "checked_rows", "sift_rows"]

NUMBERS = ("low", "high", "floor", "baseline")
WORDS = ("interval", "floor_note", "baseline_note", "extractor", "note", "unit")
COUNTS = ("n_fake", "n_real")


class Sifted(NamedTuple):
    """What a method gave.

    Attributes:
        rows: that keep the contract, in order.
        refused: what is wrong with each of the others, or with all of them at once.
    """

    rows: list[Mapping[str, Any]]
    refused: list[MultiGANError]


def sift_rows(modality: Modality, method: str, call: Callable[[], Any], taken: Collection[str] = frozenset()) -> Sifted:
    """The rows of scores that a modality's method gives; see `multigan.plugins.abilities.Scores`. Raises nothing of it.

    Args:
        modality: the plugin's object.
        method: its name, for messages.
        call: calls it.
        taken: keys of rows that there are already, beside those of every evaluation.
    """
    where = f"modality '{modality.name}': {method}"
    try:
        given = guarded(modality, method, call)
    except MultiGANError as error:
        return Sifted([], [error])
    if not isinstance(given, Sequence) or isinstance(given, str):
        fault = PluginError(f"{where} gives {type(given).__name__}", "a list of rows", "see docs/extend.md")
        return Sifted([], [fault])
    rows, refused, seen = list[Mapping[str, Any]](), list[MultiGANError](), {*TAKEN, *taken}
    for number, row in enumerate(given):
        try:
            _check(where, number, row, seen)
        except PluginError as error:
            refused.append(error)
            continue
        # Its values are a stranger's program: whatever it says of itself breaks one row and no evaluation.
        except Exception as error:
            refused.append(PluginError(f"{where}: row {number} fails: {words_of(error)}", "a mapping", ""))
            continue
        seen.add(row["key"])
        rows.append(row)
    return Sifted(rows, refused)


def checked_rows(
    modality: Modality, method: str, call: Callable[[], Any], taken: Collection[str] = frozenset()
) -> list[Mapping[str, Any]]:
    """The same, where one that is refused is an error.

    Raises:
        PluginError: the method fails, or gives something else than rows; the first bad row is named.
    """
    rows, refused = sift_rows(modality, method, call, taken)
    for error in refused:
        raise error
    return rows


def _check(where: str, number: int, row: object, seen: Collection[str]) -> None:
    if not isinstance(row, Mapping):
        given = f"{where} gives row {number} as {type(row).__name__}"
        raise PluginError(given, "mappings, as multigan.metrics.rows.row makes them", "")
    key = row.get("key")
    for name in ("key", "title"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise PluginError(f"{where} gives {key!r} (row {number}) with {name} = {row.get(name)!r}", "words", "")
    for name, known in (("group", GROUPS), ("better", BETTER)):
        if row.get(name) not in known:
            raise PluginError(f"{where} gives '{key}' with {name} = {row.get(name)!r}", ", ".join(known), "")
    if key in seen:
        owner = "every evaluation has one of its own" if key in TAKEN else "there is one already"
        raise PluginError(f"{where} gives '{key}' (row {number}), and {owner}", "each key once", "rename the row")
    if not _is_number(row.get("value")):
        given = f"{where} gives '{key}' with value = {row.get('value')!r}"
        raise PluginError(given, "a finite number, of Python's int or float", "leave out a score that is not defined")
    _check_frame(where, row)


def _check_frame(where: str, row: Mapping[str, Any]) -> None:
    """What stands beside the value, where it does."""
    kinds: tuple[tuple[tuple[str, ...], Callable[[object], bool], str], ...] = (
        (NUMBERS, _is_number, "a finite number, of Python's int or float, or None"),
        (WORDS, lambda value: isinstance(value, str), "words or None"),
        (COUNTS, lambda value: type(value) is int and value >= 0, "a count or None"),
    )
    for names, fits, expected in kinds:
        for name in names:
            if (value := row.get(name)) is not None and not fits(value):
                raise PluginError(f"{where} gives '{row['key']}' with {name} = {value!r}", expected, "correct the row")


def _is_number(value: object) -> bool:
    """Whether a JSON file can hold it and a float can: `True` is a truth, and 10**400 no float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
