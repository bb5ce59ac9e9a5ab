"""The data of one sitting of a run: read, compared with the sitting before and with other processes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from multigan.build import build_data, build_split
from multigan.core.counted import counted
from multigan.core.errors import DataError, RecipeError
from multigan.core.shell import typed
from multigan.core.types import Data
from multigan.engine.distributed import World
from multigan.engine.holdout import Split
from multigan.engine.trainer import Trainer
from multigan.files.findings import refuse_hardly_any, shown
from multigan.identity.agree import agree
from multigan.identity.alike import alike_lines, with_alike
from multigan.identity.difference import Difference
from multigan.identity.drawn import as_drawn
from multigan.identity.fingerprint import Identity, identify
from multigan.identity.older import compare
from multigan.identity.record import FILE, Record, placed, read_record, write_record
from multigan.plugins.sources import place_of
from multigan.recipe.recipe import Recipe

__all__ = ["Sitting", "begin", "by_class", "go_on", "read_data"]

NAMED = 3
"""Classes that are named."""


@dataclass(frozen=True)
class Sitting:
    """What a sitting begins with.

    Attributes:
        data: ready to train on.
        identity: of it.
        before: what the run knew of its data; None in a run that knew nothing.
        changed: what differs from before, in words; the user knows and goes on.
        lines: for people.
    """

    data: Data
    identity: Identity
    before: Record | None = None
    changed: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    def record(self, samples: int) -> Record:
        """What the run knows from here on; `samples`: real samples that it has seen."""
        return (self.before or Record(self.identity)).changed_to(self.identity, samples, self.changed)

    def told(self, split: Split) -> tuple[str, ...]:
        """Lines for people: what was noticed, and what is held out."""
        return (*self.lines, self.record(0).claim(split.reason, len(split.held_out)))

    def keep(self, folder: Path, trainer: Trainer) -> Record:
        """The first process writes `data.json` where it says something new; returns what it says.

        Raises:
            RunError: it cannot be written.
        """
        record = self.record(trainer.state.samples)
        if record != self.before and trainer.world.is_first:
            write_record(folder, record)
        return record


def begin(recipe: Recipe, world: World) -> Sitting:
    """Read the data of a new run.

    Raises:
        DataError: it cannot be used, it is too little, or processes have different data.
    """
    data = build_data(recipe)
    refuse_hardly_any(len(data.items))
    data = with_alike(data, recipe)
    identity = identify(data, recipe.data.source, build_split(recipe, data))
    agree(identity, world)
    return Sitting(data, identity, lines=tuple(alike_lines(data)))


def go_on(
    recipe: Recipe, folder: Path, world: World, place: str | Path | None = None, *, changed_data: bool = False
) -> Sitting:
    """Read the data of a run that goes on, and compare it with what the run was trained on.

    Args:
        recipe: the run's.
        folder: the run directory.
        world: whose processes must have the same data.
        place: where the data is now; None = where it was.
        changed_data: go on though items are others. What G's outputs mean must be the same all the same.

    Raises:
        DataError: the data is gone, cannot be used or is other data, or processes have different data.
        RunError: `data.json` is damaged.
    """
    before = read_record(folder)
    recipe, data = read_data(recipe, folder, before, place, f"multigan train --resume {typed(folder)} --data PATH")
    now = identify(data, recipe.data.source, build_split(recipe, data))
    agree(now, world)
    known = before.identity if before else _known_of_old(folder, now)
    found = compare(known, now, data)
    _refuse(found, folder, now, changed_data=changed_data)
    lines = [f"{note}, in the same order as before" for note in found.notes]
    if before is None:
        lines.append(
            f"{folder} has no {FILE}: it was written by an older version, so nobody can tell whether the data is still "
            "the same; from here on it is checked"
        )
    if found:
        lines.append(f"going on with other data, as --changed-data asks: {'; '.join(found.lines)}")
    if found and (folder / "generator-best").is_dir():
        lines.append(
            "the best generator so far is so by distances to the data of before: it stays until the first measurement "
            "beside this data, and from there on the best is sought anew"
        )
    return Sitting(data, now, before, found.lines, tuple(lines))


def read_data(
    recipe: Recipe, folder: Path, record: Record | None, place: str | Path | None, command: str
) -> tuple[Recipe, Data]:
    """The data of a run where it is now: where it is said to be, else where the run found it last.

    Args:
        recipe: the run's.
        folder: the run directory.
        record: what the run knows of its data.
        place: where the data is said to be, or None.
        command: what tells another place.

    Returns:
        The recipe with that place, and the data.

    Raises:
        DataError: it cannot be read there.
    """
    last = record.identity.source if record else recipe.data.source
    recipe = placed(recipe, last if place is None else place_of(recipe.modality, place))
    try:
        return recipe, as_drawn(with_alike(build_data(recipe), recipe, record, goes_on=True), record)
    except (DataError, RecipeError) as error:  # the recipe was right when the run began
        fix = f"if it was moved, type {command}"
        if place is not None and Path(place).exists() and record is not None and record.identity.classes:
            fix = f"{by_class(record.identity.classes)}; or leave --data out, where the run's own is still in its place"
        raise DataError(
            f"the data of {folder} cannot be read: looked in {recipe.data.source} ({error.given})",
            "the data that it was trained on",
            fix,
        ) from error


def by_class(classes: Sequence[str]) -> str:
    """What to do with data that lacks the classes of a run."""
    named = ", ".join(shown(name) for name in classes[:NAMED]) + (" ..." if len(classes) > NAMED else "")
    return f"sort it into a sub-folder for each of the run's {counted(len(classes), 'class', 'classes')}: {named}"


def _refuse(found: Difference, folder: Path, now: Identity, *, changed_data: bool) -> None:
    if not found or (changed_data and not found.meaning):
        return
    given = f"{now.source} is not what {folder} was trained on: {'; '.join(found.lines)}"
    if found.meaning:
        raise DataError(
            given,
            "the same shape, classes and vocabulary: with others, what G has learnt would mean something else",
            "put the data back as it was (elsewhere: --data PATH), or start a new run; no option goes on with this",
        )
    raise DataError(
        given,
        "the same files in the same order: item numbers, and with them what is held out, mean other items now",
        "put the data back (elsewhere: --data PATH), or type "
        f"multigan train --resume {typed(folder)} --changed-data, which "
        "is recorded and ends the claim that held-out items were never trained on",
    )


def _known_of_old(folder: Path, now: Identity) -> Identity:
    """What a run without `data.json` knows: shape, classes and vocabulary, from its generator folder."""
    try:
        spec = json.loads((folder / "generator" / "config.json").read_text(encoding="utf-8"))["spec"]
        return replace(now, shape=tuple(spec["shape"]), classes=tuple(spec["classes"]), meta=dict(spec["meta"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return now
