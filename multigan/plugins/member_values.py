"""What is inside the values of a modality's members: words, things that can be called, numbers in order."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from multigan.core.errors import PluginError, did_you_mean

__all__ = ["check_inside", "check_policy"]


def check_inside(name: str, member: str, value: Any) -> None:
    """One member's value, of the right type already.

    Args:
        name: of the modality.
        member: its member.
        value: of the member.

    Raises:
        PluginError: something in it is not what the contract says.
    """
    if (check := INSIDE.get(member)) is not None:
        check(f"'{name}'.{member}", value)


def check_policy(name: str, augmentations: Mapping[str, Any], policy: Sequence[str]) -> None:
    """The usual augmentations are among those that there are.

    Raises:
        PluginError: one is not.
    """
    for one in policy:
        if one not in augmentations:
            hint = did_you_mean(one, augmentations)
            raise PluginError(f"'{name}'.augmentation_policy names '{one}'", "names of its augmentations", hint)


def _words(where: str, value: Sequence[Any]) -> None:
    for one in value:
        if not isinstance(one, str):
            raise PluginError(f"{where} has {one!r}", "words", "correct it")


def _callables(where: str, value: Mapping[Any, Any]) -> None:
    _words(where, [*value])
    for key, one in value.items():
        if not callable(one):
            raise PluginError(f"{where}['{key}'] is {type(one).__name__}", "something that can be called", "correct it")


def _nets(where: str, value: Mapping[Any, Any]) -> None:
    if not value:
        raise PluginError(f"{where} is empty", "one builder or more by name", "inherit those of multigan.Adapter")
    _callables(where, value)


def _range(where: str, value: Sequence[Any] | None) -> None:
    if value is None:
        return
    numbers = len(value) == 2 and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
    # NaN is below nothing.
    if not numbers or not value[0] < value[1]:
        raise PluginError(f"{where} is {tuple(value)}", "two numbers, the lower first, or None", "correct it")


def _weights(where: str, value: Mapping[Any, Any]) -> None:
    _words(where, [*value])
    for key, one in value.items():
        if isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one):
            raise PluginError(f"{where}['{key}'] is {one!r}", "a finite weight", "correct it")


def _reasons(where: str, value: Mapping[Any, Any]) -> None:
    _words(where, [*value, *value.values()])


INSIDE: Mapping[str, Callable[[str, Any], None]] = {
    "suffixes": _words,
    "embedded": _words,
    "augmentation_policy": _words,
    "generators": _nets,
    "discriminators": _nets,
    "objectives": _callables,
    "augmentations": _callables,
    "real_range": _range,
    "inversion": _weights,
    "expected_failures": _reasons,
    "untouched": lambda where, value: _words(where, [*value]),
}
