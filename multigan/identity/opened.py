"""The data of a finished or running run, read again: for all who speak of trained and held-out items."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from multigan.build import build_split
from multigan.core.counted import counted
from multigan.core.errors import DataError, RunError
from multigan.core.shell import typed
from multigan.core.types import Data
from multigan.engine.holdout import Split
from multigan.identity.difference import Difference, other_files
from multigan.identity.fingerprint import identify
from multigan.identity.older import compare
from multigan.identity.record import read_record
from multigan.identity.sitting import by_class, read_data
from multigan.recipe.recipe import Recipe

__all__ = ["Opened", "changed_at", "changes_of", "data_cure", "moved_to", "open_data"]


@dataclass(frozen=True)
class Opened:
    """A run's data, where it is now.

    Attributes:
        recipe: the run's, with that place.
        data: all items.
        split: which of them are held out.
        known: whether the run kept a record of its data.
        as_trained: whether nothing differs from that record.
        warnings: why what is held out may not be unseen.
        other: whether these are other data, of which nothing was trained on.
    """

    recipe: Recipe
    data: Data
    split: Split
    known: bool
    as_trained: bool
    warnings: tuple[str, ...]
    other: bool = False


def open_data(folder: Path, recipe: Recipe, place: str | Path | None = None, verb: str = "evaluate") -> Opened:
    """Read the data of a run again and compare it with what the run was trained on.

    Args:
        folder: the run directory.
        recipe: the run's.
        place: where the data is now; None = where the run found it last.
        verb: whose option `--data` tells the place.

    Raises:
        DataError: the data is gone, or what G's outputs mean is another: classes, vocabulary, shape.
        RunError: `data.json` is damaged.
    """
    record = read_record(folder)
    recipe, data = read_data(recipe, folder, record, place, f"multigan {verb} {typed(folder)} --data PATH")
    split = build_split(recipe, data)
    # The files are read to be identified: once.
    now = None if record is None else identify(data, recipe.data.source, split)
    found = Difference() if record is None or now is None else compare(record.identity, now, data)
    if found.meaning:
        raise DataError(
            f"{recipe.data.source} is not what the run was trained on: {'; '.join(found.lines)}",
            "the same classes, vocabulary and scale, from the same files",
            data_cure(record.identity.classes if record else (), data, placed=place is not None),
        )
    warnings = list(record.warnings()) if record else []
    other = bool(found) and record is not None and now is not None and other_files(record.identity, now)
    if other:
        warnings.insert(
            0,
            f"these are other data than the run was trained on: none of {counted(len(data.items), 'item')} is in a "
            "file that it has seen, by content. Scores are against these reals, all of them unseen; whether training "
            "items were copied is told by the run's own data alone",
        )
    elif found:
        said = "; ".join(found.counts)
        warnings.insert(
            0, f"the data is not what it was in training ({said}): items called held out may have been trained on"
        )
    return Opened(recipe, data, split, record is not None, not found, tuple(warnings), other)


def data_cure(classes: Sequence[str], data: Data, *, placed: bool) -> str:
    """What to type where data is not what a run was trained on.

    Args:
        classes: of the run.
        data: that was read.
        placed: whether its place was typed.
    """
    if classes and not data.spec.classes:
        return by_class(classes)
    return "leave --data out, where the run's own is still in its place" if placed else "give it with --data PATH"


def changes_of(folder: Path) -> Sequence[str]:
    """Lines for people on what was changed in a run's data; a damaged record is a line, too."""
    try:
        record = read_record(folder)
    except RunError as error:
        return [str(error)]
    return record.warnings() if record else []


def changed_at(folder: Path) -> int | None:
    """Samples that a run had seen when its data was changed last; None where it never was, or nobody can tell."""
    try:
        record = read_record(folder)
    except RunError:  # said before
        return None
    return record.changes[-1].samples if record and record.changes else None


def moved_to(recipe: Recipe, folder: Path) -> str:
    """Where a run's data is now, where its recipe names another place; else ""."""
    try:
        record = read_record(folder)
    except RunError:
        return ""
    return record.identity.source if record and record.identity.source != recipe.data.source else ""
