"""A generator that is given an input: rows of what went in, what came out and what should have, and all systems."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.errors import CheckpointError
from multigan.core.html import Html, join, tag
from multigan.engine.batches import Batches
from multigan.generator.generator import Generator, load
from multigan.generator.twin import FIT, TWIN, twin_of
from multigan.plugins.abilities import Matches, able
from multigan.report.chart import chart, short
from multigan.report.media import Media
from multigan.report.series import Series
from multigan.run.triplets import ROWS, columns, made_of, triplets

__all__ = ["Others", "others_of", "rows_of", "rows_without_pairs", "systems", "worst"]

PLANE = (("l1", "L1 distance to the target"), ("patch_distance", "Patch distance"), ("kernel", "Kernel distance"))


class _Column(NamedTuple):
    name: str
    rendered: Sequence[Any]
    real: bool


class Others(NamedTuple):
    """What is shown beside a generator: the fit alone, and the twin of as many updates, where the run has them.

    Attributes:
        made: by name.
        left_out: why the twin that lies in the run is not among them, or "".
    """

    made: Mapping[str, Generator]
    left_out: str


def others_of(generator: Generator, folder: Path | None) -> Others:
    """What a run kept beside a generator; None = there is no run. Their weights are read here."""
    if folder is None:
        return Others({}, "")
    found, (twin, left_out) = dict[str, Generator](), twin_of(folder)
    if generator.kept != "fit":
        with suppress(CheckpointError):
            found[FIT] = load(folder, "fit")
    return Others({**found, **({TWIN: twin[1]} if twin is not None else {})}, left_out)


def rows_of(media: Media, generator: Generator, batches: Batches, others: Others, items: Tensor | None = None) -> Html:
    """Input, output, target, rival, and what others make of the input, of some items, one row each.

    Args:
        media: draws samples into the page.
        generator: is given an input.
        batches: of the run's data.
        others: what is shown beside it.
        items: int64 `(n,)`; None = 12 held-out ones, spread evenly, or trained ones where none are held out.
    """
    shown = _table(media, _columns(generator, batches, others.made, _chosen(batches) if items is None else items))
    return join(shown, tag("p.note", others.left_out) if others.left_out else None)


def rows_without_pairs(media: Media, generator: Generator, batches: Batches) -> Html:
    """Input, output, and what comes back of it where the generator goes both ways, one row an item: see `triplets`.

    Args:
        media: draws samples into the page.
        generator: is given an input.
        batches: of two sets without pairs.
    """
    names, rendered = columns(batches, generator.net).split(", "), triplets(batches, generator.net)
    parts = [rendered[k :: len(names)] for k in range(len(names))]
    return _table(media, [_Column(name, part, name == "input") for name, part in zip(names, parts, strict=True)])


def _table(media: Media, shown: Sequence[_Column]) -> Html:
    refused, body = media.budget.refused, []
    for number in range(len(shown[0].rendered)):
        cells = [media.one(one.rendered[number], f"{one.name} {number + 1}", real=one.real) for one in shown]
        if any(cell is None for cell in cells):
            break
        body.append(tag("tr", *(tag("td", cell, data_h=one.name) for one, cell in zip(shown, cells, strict=True))))
    if not body:
        return tag("p.note", "Single samples cannot be shown in a page, or it has no room for them.")
    head = tag("thead", tag("tr", *(tag("th", one.name, scope="col") for one in shown)))
    left = tag("p.note", "The page has no room for more.") if media.budget.refused > refused else None
    return join(tag("table.stack", head, tag("tbody", *body)), left)


def systems(evaluation: Mapping[str, Any]) -> Html:
    """Every system's scores, and quality against nearness; empty where no such evaluation was made."""
    found = _found(evaluation)
    rows = found.get("systems")
    if not isinstance(rows, Mapping) or not rows:
        return Html()
    titles = {str(one.get("key")): str(one.get("title")) for one in evaluation.get("scores") or []}
    keys = [key for key in titles if all(key in row for row in rows.values())]
    head = tag(
        "thead", tag("tr", tag("th", "made by", scope="col"), *(tag("th", titles[k], scope="col") for k in keys))
    )
    kept = found.get("notes")
    notes = kept if isinstance(kept, Mapping) else {}
    body = [
        tag(
            "tr",
            tag("th", name, tag("div.note", notes[name]) if name in notes else None, scope="row"),
            *(tag("td", _cell(row[key]), data_h=titles[key]) for key in keys),
        )
        for name, row in rows.items()
    ]
    return join(tag("table.stack", head, tag("tbody", *body)), _plane(rows))


def worst(evaluation: Mapping[str, Any]) -> tuple[Tensor, str]:
    """The items to look at first, int64 `(n,)`, and by what they were chosen; none where there was no evaluation."""
    found = _found(evaluation).get("worst")
    items = found.get("items") if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or not isinstance(items, list) or not all(isinstance(k, int) for k in items):
        return torch.zeros(0, dtype=torch.long), ""
    return torch.tensor(items, dtype=torch.long), str(found.get("by"))


def _plane(rows: Mapping[str, Any]) -> Html | None:
    """The perception-distortion plane (Blau & Michaeli 2018): near the targets to the left, like reals below."""
    drawn = []
    (x, x_title), *others = PLANE
    for y, title in others:
        points = {name: (_value(row, x), _value(row, y)) for name, row in rows.items()}
        series = [Series(name, [(a, b)]) for name, (a, b) in points.items() if a is not None and b is not None]
        if len(series) > 1:
            note = "left: nearer to the target, item by item; lower: more like reals, all together"
            drawn.append(chart(f"{title} against {x_title}", series, note=note, x_name=x_title))
    return tag("div.grid.two", *drawn) if drawn else None


def _columns(generator: Generator, batches: Batches, others: Mapping[str, Generator], items: Tensor) -> list[_Column]:
    batch, modality, spec = batches.pick(items), generator.modality, generator.spec
    source, given = batch.source, generator.input_spec
    if source is None or given is None:
        return [_Column("target", modality.render(batch.real.cpu(), spec), True)]
    draw = Draw(batches.seed, 0, "triplets/")
    found = [
        _Column("input", modality.render(source.cpu(), given), True),
        _Column("output", modality.render(made_of(generator.net, source, batch.cond, draw), spec), False),
        _Column("target", modality.render(batch.real.cpu(), spec), True),
    ]
    rival = modality.rival(source.cpu(), given, spec) if able(modality, Matches) else None
    if rival is not None:
        found.append(_Column(rival[0], modality.render(rival[1], spec), True))
    for name, other in others.items():
        found.append(_Column(name, modality.render(made_of(other.net, source, batch.cond, draw), spec), False))
    return found


def _chosen(batches: Batches) -> Tensor:
    items = batches.split.held_out if len(batches.split.held_out) else batches.split.train
    return items[torch.linspace(0, len(items) - 1, min(ROWS, len(items)), dtype=torch.float64).round().long()]


def _found(evaluation: Mapping[str, Any]) -> Mapping[str, Any]:
    curves = evaluation.get("curves")
    found = curves.get("translation") if isinstance(curves, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _value(row: Any, key: str) -> float | None:
    value = row[key].get("value") if isinstance(row, Mapping) and isinstance(row.get(key), Mapping) else None
    return float(value) if isinstance(value, int | float) else None


def _cell(found: Any) -> str:
    if not isinstance(found, Mapping) or not isinstance(found.get("value"), int | float):
        return "—"
    if not all(isinstance(found.get(k), int | float) for k in ("low", "high")):
        return f"{short(found['value'])} (no interval)"
    return f"{short(found['value'])} ({short(found['low'])} – {short(found['high'])})"
