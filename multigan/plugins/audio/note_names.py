"""Pitches by name: MIDI numbers, and notes as musicians write them."""

import re
from collections.abc import Sequence

from multigan.core.errors import RecipeError

__all__ = ["hertz_of", "pitches_of"]

A4_HZ, A4_NUMBER, HIGHEST = 440.0, 69, 127
STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
ALTERED = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
NOTE = re.compile(r"([a-g])([#♯b♭]?)(-?\d)", re.IGNORECASE)
NAMED = "classes named by pitch: MIDI numbers from 0 to 127, or notes such as A4, C#3 and Eb2"


def hertz_of(name: str) -> float | None:
    """The frequency that a name says, in equal temperament with A4 = 440 Hz; None where it names no pitch.

    Args:
        name: a MIDI number ("60") or a note with its octave ("C4", "c#4", "Db4"; C4 = 60), spaces around it aside.

    Source: MIDI Tuning Standard (1992): `440 * 2^((number - 69) / 12)`.
    """
    number = _number(name.strip())
    if number is None or not 0 <= number <= HIGHEST:
        return None
    return float(A4_HZ * 2 ** ((number - A4_NUMBER) / 12))


def pitches_of(classes: Sequence[str]) -> tuple[float, ...]:
    """The frequencies of classes, in Hz.

    Raises:
        RecipeError: a class is not named by a pitch, or there are none.
    """
    hertz = [hertz_of(name) for name in classes]
    odd = next((name for name, one in zip(classes, hertz, strict=True) if one is None), None)
    if odd is not None or not classes:
        given = f"G.harmonics for the class {odd!r}" if classes else "G.harmonics for data without classes"
        fix = "name the folders of the notes by pitch, or type --set G.harmonics=0"
        raise RecipeError(given, NAMED, fix, key=("harmonics",))
    return tuple(one for one in hertz if one is not None)


def _number(name: str) -> int | None:
    if name.isascii() and name.isdecimal():
        return int(name[-9:]) if not name[:-9].strip("0") else None
    found = NOTE.fullmatch(name)
    if found is None:
        return None
    step, altered, octave = found.groups()
    return 12 * (int(octave) + 1) + STEPS[step.lower()] + ALTERED[altered.lower()]
