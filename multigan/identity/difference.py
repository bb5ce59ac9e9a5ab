"""What differs between two data sets, in words."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multigan.core.counted import counted
from multigan.files.findings import shown
from multigan.identity.fingerprint import FileMark, Identity

__all__ = ["Difference", "differences", "other_files"]

NAMED = 3
ROUNDING = 0.01
"""Of the spread of what was looked at: other machines and versions of decoders stay below it, other items do not."""


@dataclass(frozen=True)
class Difference:
    """How a data set differs from the one before; nothing in it = the same.

    Attributes:
        meaning: what makes G's outputs mean something else: shape, classes, vocabulary, scale.
        items: what makes item numbers mean other items: files, order, labels, the split.
        notes: what changes nothing: other names in the same order.
    """

    meaning: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """All that matters, files first."""
        return (*self.items, *self.meaning)

    @property
    def counts(self) -> tuple[str, ...]:
        """`items` without names of files, for what may be published."""
        return tuple(re.sub(r" \(.*\)$", "", line) for line in self.items)

    def __bool__(self) -> bool:
        return bool(self.lines)


def differences(before: Identity, now: Identity) -> Difference:
    """Compare two data sets; where they lie does not matter.

    Args:
        before: what a run was trained on.
        now: what is there.
    """
    same_files = [mark.digest for mark in before.files] == [mark.digest for mark in now.files]
    told = _files(before.files, now.files)
    items = [] if same_files else told
    if before.items != now.items:
        items.append(f"{counted(before.items, 'item')} before, {now.items:,} now")
    elif not items and not _close(before.sample, now.sample):
        files = "the same files read as other items" if before.files else "its items are others"
        items.append(f"{files} (another version of what reads or makes them?)")
    meaning = [*_meaning(before, now)]
    if not items and not meaning:
        items += ["its labels are others"] if before.labels != now.labels else []
        items += ["other items are held out"] if before.held_out != now.held_out else []
    return Difference(tuple(meaning), tuple(items), tuple(told if same_files and before.files else ()))


def other_files(before: Identity, now: Identity) -> bool:
    """Whether none of the files is one of before, by content: other data, and not the same with a change.

    Of a single file, such as a table or a text, nobody can tell: its lines may be the same but for one.
    """
    known = {mark.digest for mark in before.files}
    several = len(before.files) > 1 and len(now.files) > 1
    return several and not known & {mark.digest for mark in now.files}


def _files(before: Sequence[FileMark], now: Sequence[FileMark]) -> list[str]:
    """What was done to files: changed, renamed, missing, added, or only put into another order."""
    old, new = {mark.name: mark for mark in before}, {mark.name: mark for mark in now}
    changed = [name for name in old if name in new and old[name].digest != new[name].digest]
    gone, come = [mark for mark in before if mark.name not in new], [mark for mark in now if mark.name not in old]
    renamed = _renamed(gone, come)
    missing = _without([mark.name for mark in gone], renamed)
    added = _without([mark.name for mark in come], renamed.values())
    counted = (
        ("changed", changed),
        ("renamed", [f"{name} to {other}" for name, other in renamed.items()]),
        ("missing", missing),
        ("added", added),
    )
    lines = [f"{_files_of(len(names))} {word} ({_first(names)})" for word, names in counted if names]
    order = [mark.name for mark in before if mark.name in new] != [mark.name for mark in now if mark.name in old]
    return lines or (["the order of files is another"] if order else [])


def _renamed(gone: Sequence[FileMark], come: Sequence[FileMark]) -> dict[str, str]:
    """Old names to new ones of equal content, each used once."""
    free: dict[str, list[str]] = {}
    for mark in reversed(come):
        free.setdefault(mark.digest, []).append(mark.name)
    return {mark.name: free[mark.digest].pop() for mark in gone if free.get(mark.digest)}


def _without(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    left = Counter(names)
    left.subtract(Counter(name for name in taken if name in left))
    return list(left.elements())


def _meaning(before: Identity, now: Identity) -> Iterable[str]:
    if before.shape != now.shape:
        yield f"samples of shape {before.shape} before, {now.shape} now"
    if before.classes != now.classes:
        yield f"classes {_names(before.classes)} before, {_names(now.classes)} now"
    if said := _first_unlike(before.meta, now.meta, ""):
        yield said


def _first_unlike(before: Any, now: Any, where: str) -> str:
    """The first place where JSON values differ by more than rounding, or ""; a younger version may say more."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        pairs = ((key, value, now.get(key)) for key, value in before.items())
        return next((said for key, a, b in pairs if (said := _first_unlike(a, b, f"{where}.{key}".strip(".")))), "")
    if isinstance(before, list) and isinstance(now, list):
        number = next((n for n, (a, b) in enumerate(zip(before, now, strict=False)) if _first_unlike(a, b, where)), -1)
        if number < 0 and len(before) == len(now):
            return ""
        counts = (
            ""
            if len(before) == len(now)
            else f" has {counted(len(before), 'entry', 'entries')} before, {len(now):,} now;"
        )
        if number < 0:
            return f"{where}{counts}".rstrip(";")
        return f"{where}{counts} differs at entry {number}: {_brief(before[number])} before, {_brief(now[number])} now"
    numbers = isinstance(before, float | int) and isinstance(now, float | int)
    if numbers and bool not in (type(before), type(now)):
        same = math.isclose(before, now, rel_tol=1e-5, abs_tol=1e-7)
    else:
        same = type(before) is type(now) and before == now
    return "" if same else f"{where} is {_brief(before)} before, {_brief(now)} now"


def _close(before: Sequence[Sequence[float]], now: Sequence[Sequence[float]]) -> bool:
    if not before or not now:  # one of them was not looked at: files decide
        return True
    if len(before) != len(now):
        return False
    values = [number for pair in before for number in pair]
    room = ROUNDING * (max(values) - min(values)) + 1e-9
    return all(
        abs(a - b) <= room for one, other in zip(before, now, strict=True) for a, b in zip(one, other, strict=True)
    )


def _files_of(n: int) -> str:
    return counted(n, "file")


def _first(names: Sequence[str]) -> str:
    return ", ".join([*map(shown, names[:NAMED]), *(["..."] if len(names) > NAMED else [])])


def _names(classes: Sequence[str]) -> str:
    return f"[{_first(classes)}]" if classes else "none"


def _brief(value: Any) -> str:
    text = shown(repr(value))
    return text if len(text) <= 40 else f"{text[:37]}..."
