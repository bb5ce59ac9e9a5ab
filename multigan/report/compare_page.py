"""A comparison as a page."""

from pathlib import Path

from multigan.core import strict_json
from multigan.core.counted import counted
from multigan.core.html import Html, join, tag
from multigan.provenance.labels import make_folder
from multigan.report.chart import short
from multigan.report.compare import UNLIKE, Comparison
from multigan.report.noise import mean_deviation
from multigan.report.page import Section, page, write_page

__all__ = ["write_comparison"]

WIDTH, ROW, INSET = 320, 26, 10


def write_comparison(comparison: Comparison, path: Path) -> Path:
    """Write `path`: one file that works offline; every seed is a dot, every group's mean a line."""
    make_folder(path.parent)
    names = [f"{n}: {group.name}" for n, group in enumerate(comparison.groups)]
    head = join(
        tag("p.kicker", "MultiGAN comparison"),
        tag("h1", " and ".join(names) if len(names) == 2 else counted(len(names), "recipe")),
        tag("p.lede", "Every group of seeds is held against the first."),
    )
    sections = [
        Section("scores", "Scores", _table(comparison)),
        Section("keys", "What differs in the recipes", _keys(comparison)),
    ]
    if not comparison.unlike:
        dots = tag("div.grid", *(_dots(comparison, key) for key in comparison.titles))
        sections.insert(1, Section("dots", "Every seed", dots))
    if comparison.warnings:
        sections.insert(0, Section("warnings", "Warnings", tag("ul", *(tag("li", w) for w in comparison.warnings))))
    foot = tag("p.note", "Deviation over seeds, n − 1. One file, no scripts.")
    return write_page(path, page("MultiGAN comparison", head, sections, foot))


def _table(comparison: Comparison) -> Html:
    names = [f"{n}: {group.name}" for n, group in enumerate(comparison.groups)]
    rows, unlike = [], comparison.unlike
    for key, score in comparison.titles.items():
        found = [d for d in comparison.differences if d.key == key]
        said = [tag("div", f"0 to {d.group}: ", tag("b", d.verdict), tag("div.note", d.reason)) for d in found]
        told = [UNLIKE if unlike else comparison.cell(group, key) for group in comparison.groups]
        cells = [tag("td", cell, data_h=name) for cell, name in zip(told, names, strict=True)]
        better = tag("div.note", f"{score.better} is better") if score.better in ("lower", "higher") else None
        last = [] if unlike else [tag("td", *said)]
        rows.append(tag("tr", tag("th", score.title, better, scope="row"), *cells, *last))
    heads = ["score", *names, *([] if unlike else ["more than noise?"])]
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in heads)))
    why = f" {unlike[:1].upper()}{unlike[1:]}." if unlike else ""
    note = tag("p.note", f"Mean ± deviation over seeds (number of seeds).{why}")
    return join(note, tag("table.stack", head, tag("tbody", *rows)))


def _dots(comparison: Comparison, key: str) -> Html:
    values = [group.values(key) for group in comparison.groups]
    low, high = min(map(min, filter(None, values))), max(map(max, filter(None, values)))
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return round(INSET + 14 + (value - low) / span * (WIDTH - 2 * INSET - 14), 1)

    parts = []
    for n, found in enumerate(values):
        y = n * ROW + ROW / 2
        parts += [tag("text", n, x=2, y=y + 4), tag("line.tick", x1=INSET + 14, x2=WIDTH - INSET, y1=y, y2=y)]
        parts += [tag("circle.dot", cx=at(value), cy=y, r=4) for value in found]
        if found:
            x = at(mean_deviation(found).mean)
            parts.append(tag("line.s1", x1=x, x2=x, y1=y - 9, y2=y + 9))
    foot = len(values) * ROW + 12
    parts += [
        tag("text", short(low), x=at(low), y=foot),
        tag("text", short(high), x=at(high), y=foot, text_anchor="end"),
    ]
    title = comparison.titles[key].title
    said = "; ".join(f"group {n}: {comparison.cell(group, key)}" for n, group in enumerate(comparison.groups))
    svg = tag("svg", *parts, viewBox=f"0 0 {WIDTH} {foot + 6}", role="img", aria_label=f"{title}. {said}")
    return tag("figure.card.chart", tag("figcaption", tag("h3", title)), svg)


def _keys(comparison: Comparison) -> Html:
    if not comparison.keys:
        return tag("p.note", "Nothing: there is one group of seeds.")
    rows = [
        tag(
            "tr",
            tag("th", tag("code", key), scope="row"),
            *(tag("td", _written(v), data_h=f"{n}:") for n, v in enumerate(values)),
        )
        for key, values in comparison.keys.items()
    ]
    return tag("table.stack", tag("tbody", *rows))


def _written(value: object) -> str:
    return strict_json.dumps(value, ensure_ascii=False)
