"""The scores of an evaluation, each in its frame: value, interval, floor and baseline, in numbers and as a bar."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from multigan.core.html import Html, join, tag
from multigan.core.svg import line
from multigan.report.chart import short

__all__ = ["bar", "scores"]

WIDTH, HEIGHT = 240, 22
INSET = 8
ROUNDING = 1e-12


def scores(evaluation: Mapping[str, Any]) -> Html:
    """A table of everything in `evaluation["scores"]`, and who measured what with how many."""
    rows = [row for row in evaluation.get("scores") or [] if isinstance(row, Mapping)]
    shared = _shared(rows)
    heads = ("score", "value", "interval", "floor", "baseline", "")
    table = tag(
        "table.stack",
        tag("thead", tag("tr", *(tag("th", head or tag("span", "bar"), scope="col") for head in heads))),
        tag("tbody", *(_row(row, shared) for row in rows)),
    )
    keys = (("span", "interval"), ("floor", "floor"), ("base", "baseline"))
    legend = tag("p.note", "● value ", *(join(_swatch(style), f" {name} ") for style, name in keys))
    return join(_frame(evaluation), table, legend, _footnotes(shared), _lines(evaluation.get("warnings"), "Warnings"))


def bar(row: Mapping[str, Any]) -> Html | None:
    """Value, interval, floor and baseline on one rail; None where there is only the value."""
    known = {key: number for key in ("value", "low", "high", "floor", "baseline") if (number := _number(row, key))}
    numbers = [number[0] for number in known.values()]
    if "value" not in known or len(numbers) < 2 or max(numbers) == min(numbers):
        return None
    low, high = min(numbers), max(numbers)

    def at(key: str) -> float:
        return round(INSET + (known[key][0] - low) / (high - low) * (WIDTH - 2 * INSET), 1)

    middle = HEIGHT / 2
    parts = [line(INSET, middle, WIDTH - INSET, middle, "rail")]
    if "low" in known and "high" in known:
        parts.append(line(at("low"), middle, at("high"), middle, "span"))
    for key, style in (("floor", "floor"), ("baseline", "base")):
        if key in known:
            parts.append(line(at(key), 2, at(key), HEIGHT - 2, style))
    parts.append(tag("circle.dot", cx=at("value"), cy=middle, r=4.5))
    said = ", ".join(f"{key} {short(number[0])}" for key, number in known.items())
    return tag("svg.bar", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=said)


def _row(row: Mapping[str, Any], shared: Sequence[str]) -> Html:
    better = {"lower": "lower is better", "higher": "higher is better", "near floor": "near the floor is better"}
    about = " · ".join(
        str(part) for part in (row.get("group"), better.get(str(row.get("better"))), row.get("note")) if part
    )
    interval, unit = [_number(row, "low"), _number(row, "high")], str(row.get("unit") or "")
    cells = {
        "value": _shown(_number(row, "value"), unit),
        "interval": f"{_shown(interval[0], unit)} – {_shown(interval[1], unit)}" if all(interval) else "—",
        "floor": _shown(_number(row, "floor"), unit),
        "baseline": _shown(_number(row, "baseline"), unit),
    }
    notes = _notes(row)
    return tag(
        "tr",
        tag("th", _titled(row), tag("div.note", about) if about else None, scope="row"),
        *(_cell(key, text, notes[key], shared) for key, text in cells.items()),
        tag("td", bar(row)),
    )  # fmt: skip


def _cell(key: str, text: str, note: str, shared: Sequence[str]) -> Html:
    said = tag("sup", shared.index(note) + 1) if note in shared else tag("div.note", note) if note else None
    return tag("td.n" if key == "value" else "td", text, said, data_h=key)


def _notes(row: Mapping[str, Any]) -> dict[str, str]:
    """What is to be said of each cell, or ""."""
    counts = f"{_count(row, 'n_fake')} fakes, {_count(row, 'n_real')} reals" if row.get("n_fake") else ""
    interval = row.get("interval") if _number(row, "low") and _number(row, "high") else ""
    found = {"interval": interval, "floor": row.get("floor_note"), "baseline": row.get("baseline_note")}
    return {"value": counts, **{key: str(note or "") for key, note in found.items()}}


def _shared(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Notes of several cells, in reading order: they are said once, below the table."""
    counted = Counter(note for row in rows for note in _notes(row).values() if note)
    return [note for note, times in counted.items() if times > 1]


def _footnotes(shared: Sequence[str]) -> Html | None:
    return tag("ol.note", *(tag("li", note) for note in shared)) if shared else None


def _frame(evaluation: Mapping[str, Any]) -> Html:
    extractor, counts = _table(evaluation, "extractor"), _table(evaluation, "counts")
    which = _table(evaluation, "generator").get("which")
    said = ", ".join(f"{value:,} {name}" for name, value in counts.items() if isinstance(value, int))
    digest = str(extractor.get("sha256") or "")[:12]
    parts = [
        f"Generator: {which}." if which else None,
        f"Counts: {said}." if said else None,
        f"Features: {extractor.get('name')} ({digest})." if extractor.get("name") else None,
        f"Seed {evaluation.get('seed')}." if evaluation.get("seed") is not None else None,
    ]
    return tag("p.note", " ".join(part for part in parts if part))


def _lines(lines: Any, title: str) -> Html | None:
    if not isinstance(lines, Sequence) or isinstance(lines, str) or not lines:
        return None
    return join(tag("h3", title), tag("ul", *(tag("li", line) for line in lines)))


def _table(mapping: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = mapping.get(key)
    return found if isinstance(found, Mapping) else {}


def _number(row: Mapping[str, Any], key: str) -> tuple[float] | None:
    """The value in a tuple, so that 0 is something; None where there is none."""
    value = row.get(key)
    return (float(value),) if isinstance(value, int | float) and math.isfinite(value) else None


def _shown(number: tuple[float] | None, unit: str = "") -> str:
    """In few characters, shares in per cent; what rounding leaves of 0 is 0."""
    if not number:
        return "—"
    value = 0.0 if abs(number[0]) < ROUNDING else number[0]
    return f"{short(100 * value)} %" if unit == "%" else short(value)


def _titled(row: Mapping[str, Any]) -> str:
    title, unit = str(row.get("title") or row.get("key")), row.get("unit")
    return f"{title}, {unit}" if unit and unit != "%" else title


def _count(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return f"{value:,}" if isinstance(value, int) else "?"


def _swatch(style: str) -> Html:
    drawn = line(1, 6, 21, 6, style) if style == "span" else line(11, 0, 11, 12, style)
    return tag("svg.bar", drawn, viewBox="0 0 22 12", aria_hidden="true", style="display:inline;width:22px;height:12px")
