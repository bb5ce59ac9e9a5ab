"""The sections of a page that need the generator, and the data where they are at hand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from multigan.build import build_data, build_split
from multigan.core.counted import counted
from multigan.core.errors import MultiGANError
from multigan.core.html import Html, join, tag
from multigan.core.types import Data
from multigan.engine.batches import Batches
from multigan.generator.generator import Generator
from multigan.identity.opened import changes_of, open_data
from multigan.recipe.recipe import Recipe
from multigan.report import gallery
from multigan.report.giveaways import giveaways
from multigan.report.media import Budget, Media
from multigan.report.neighbours import find_neighbours
from multigan.report.translated import others_of, rows_of, rows_without_pairs, systems, worst
from multigan.run.triplets import columns

__all__ = ["MEDIA_BYTES", "Shown", "show"]

MEDIA_BYTES = 2_400_000
"""Of a page of at most 3 MB; the rest is for curves, tables and words."""
SHARES = {"samples": 0.38, "judge": 0.15, "way": 0.13, "neighbours": 0.34}
"""Of these bytes; what one section leaves is for the next ones."""
SHEET, PAIRS = 64, 6


class Shown(NamedTuple):
    """What could be shown, and lines in place of what could not.

    Of a generator that is given an input, `neighbours` are the worst items, and `interpolation` all systems' scores.
    """

    samples: Html
    neighbours: Html
    interpolation: Html
    judged: Html
    data_report: tuple[str, ...]
    label: Mapping[str, str] | None
    translated: bool = False


def show(
    generator: Generator | None,
    complaint: str,
    recipe: Recipe,
    data: Data | None,
    room: int = MEDIA_BYTES,
    folder: Path | None = None,
    evaluation: Mapping[str, Any] | None = None,
) -> Shown:
    """Draw samples and compare them with the data.

    Args:
        generator: or None.
        complaint: why there is none.
        recipe: the run's; its seed is that of the samples.
        data: the run's, or None to read them.
        room: bytes for pictures, sounds and texts.
        folder: the run directory, which knows what its data was.
        evaluation: `evaluation.json`, for what a fresh judge went by.
    """
    if generator is None:
        missing = tag("p.note", f"There is no generator to draw from: {complaint}")
        return Shown(missing, Html(), Html(), Html(), (), None)
    seed = recipe.train.seed
    label = generator.label(seed)
    room = room if evaluation else int(room / (1 - SHARES["judge"]))
    media = Media(generator.modality, generator.spec, label, Budget(int(room * SHARES["samples"])))
    if generator.input_spec is not None:
        return _translated(media, generator, recipe, data, folder, evaluation or {})
    fake = generator.tensors(SHEET, seed)
    rendered = generator.modality.render(fake, generator.spec)
    sheet = gallery.samples(media, rendered, seed)
    note = tag("p.note", f"Drawn with seed {seed}, one after the other, none chosen.")
    media.budget.left += int(room * SHARES["way"])
    way = gallery.interpolation(media, generator, seed)
    media.budget.left += int(room * SHARES["neighbours"])
    try:
        data, warnings = _data(recipe, data, folder)
    except MultiGANError as error:
        unread = tag("p.note", f"The training data cannot be looked at: {error}")
        return Shown(join(note, sheet), unread, way, Html(), (), label)
    near, report = _neighbours(media, generator, recipe, data, warnings)
    media.budget.left += int(room * SHARES["judge"])
    judged = giveaways(media, generator, data, evaluation or {})
    return Shown(join(note, sheet), near, way, judged, report, label)


def _translated(
    media: Media,
    generator: Generator,
    recipe: Recipe,
    data: Data | None,
    folder: Path | None,
    evaluation: Mapping[str, Any],
) -> Shown:
    """Input, output, target and what others make of the input, of some items; and of those to look at first."""
    label = generator.label(recipe.train.seed)
    try:
        data, warnings = _data(recipe, data, folder)
    except MultiGANError as error:
        return Shown(tag("p.note", f"The data cannot be looked at: {error}"), Html(), Html(), Html(), (), label)
    split = build_split(recipe, data)
    conditional = generator.conditional
    seed = recipe.train.seed
    batches = Batches(data, generator.modality, batch=1, seed=seed, split=split, conditional=conditional)
    if data.inputs is not None and not data.inputs.aligned:
        return _without_pairs(media, generator, batches, label, warnings)
    items, by = worst(evaluation)
    try:
        others = others_of(generator, folder)
        rows = rows_of(media, generator, batches, others)
        media.budget.left += media.budget.left // 2
        known = bool(len(items)) and int(items.max()) < len(data.items)
        first = rows_of(media, generator, batches, others._replace(left_out=""), items) if known else None
    finally:
        batches.close()
    of = "held-out items" if len(split.held_out) else "trained items, as nothing is held out"
    note = tag("p.note", f"Rows of input, output, target and what others make of the input: {of}, none chosen.")
    look = join(tag("p.note", f"The items to look at first, by {by}."), first) if first else Html()
    report = (*warnings, *data.report)
    said = (tag("p.note", line) for line in warnings)
    return Shown(join(note, *said, rows), look, systems(evaluation), Html(), report, label, True)


def _without_pairs(
    media: Media, generator: Generator, batches: Batches, label: Mapping[str, str], warnings: tuple[str, ...]
) -> Shown:
    """Inputs and outputs, and what comes back of them where the generator goes both ways: there are no targets."""
    try:
        sheet, row = rows_without_pairs(media, generator, batches), columns(batches, generator.net)
    finally:
        batches.close()
    of = "held-out items" if len(batches.split.held_out) else "trained items, as nothing is held out"
    note = tag("p.note", f"Rows of {row}: {of}, none chosen.")
    said = [tag("p.note", line) for line in warnings]
    return Shown(join(note, *said, sheet), Html(), Html(), Html(), (*warnings, *batches.data.report), label)


def _neighbours(
    media: Media, generator: Generator, recipe: Recipe, data: Data, warnings: tuple[str, ...]
) -> tuple[Html, tuple[str, ...]]:
    fake = generator.tensors(PAIRS, recipe.train.seed)
    try:
        found = find_neighbours(fake, recipe, data)
    except MultiGANError as error:
        return tag("p.note", f"The training data cannot be looked at: {error}"), ()
    modality = generator.modality
    rendered, real = modality.render(fake, generator.spec), modality.render(found.real, data.spec)
    among = (
        f"all {counted(found.searched, 'trained item')}"
        if found.searched == found.trained
        else f"{found.searched:,} of {counted(found.trained, 'trained item')}, chosen at random"
    )
    unit = (
        f"{counted(found.unseen, 'held-out item')}"
        if found.held_out
        else f"{counted(found.unseen, 'trained item')} to others (nothing is held out)"
    )
    said = (
        f"Searched among {among}, in the modality's own features. 1 = as far as {unit}, by the median; "
        "well below 1, and a pair that looks alike, is a copy."
    )
    ratios = ", ".join(f"{float(ratio):.2f}" for ratio in found.ratio)
    drawn = gallery.pairs(media, rendered, real, found) or tag("p", f"Distances of {PAIRS} samples: {ratios}.")
    return join(tag("p.note", said), *(tag("p.note", line) for line in warnings), drawn), (*warnings, *data.report)


def _data(recipe: Recipe, data: Data | None, folder: Path | None) -> tuple[Data, tuple[str, ...]]:
    """The data, and why what is called held out may not be unseen."""
    if data is None and folder is not None:
        opened = open_data(folder, recipe)
        return opened.data, opened.warnings
    return data or build_data(recipe), tuple(changes_of(folder)) if folder else ()
