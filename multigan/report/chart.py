"""A line chart as inline SVG: small, sharp at every size, readable by screen readers."""

import math
from collections.abc import Sequence

from multigan.core.html import Html, join, tag
from multigan.core.svg import label, line
from multigan.report.series import Series

__all__ = ["chart", "short", "ticks"]

WIDTH, HEIGHT = 320, 170
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 8, 22
CLASSES = 6
DECADES = 3


def chart(
    title: str, series: Sequence[Series], marks: Sequence[float] = (), note: str = "", x_name: str = "samples"
) -> Html:
    """One figure.

    Args:
        title: what is drawn.
        series: up to 6 curves; with their names as the key.
        marks: x of dashed vertical lines, where phases change.
        note: a line below.
        x_name: what x counts.
    """
    drawn = [s for s in series[:CLASSES] if any(math.isfinite(y) for _, y in s.points)]
    keys = [tag("span.key", _swatch(series.index(s)), s.name) for s in drawn] if len(series) > 1 else []
    ends = "; ".join(f"{s.name} ends at {short(_last(s))}" for s in drawn)
    body = _plot(drawn, [series.index(s) for s in drawn], marks, f"{title} over {x_name}: {ends}") if drawn else None
    if not drawn:
        note = "no finite number was logged"
    return tag(
        "figure.card.chart",
        tag("figcaption", tag("h3", title), *keys),
        body,
        tag("p.note", note) if note else None,
    )


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, about `most` of them, one step apart of 1, 2 or 5 times a power of ten."""
    span = high - low
    if not span > 0:
        return [low]
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next((m * power for m in (1, 2, 5) if m * power >= raw * 0.999), 10 * power)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def short(value: float) -> str:
    """A number in few characters: `12k`, `0.034`, `-1.2e-05`."""
    if not math.isfinite(value):
        return "—"
    size = abs(value)
    for limit, suffix in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if size >= limit:
            scaled = value / {"G": 1e9, "M": 1e6, "k": 1e3}[suffix]
            return f"{scaled:.4g}{suffix}"
    return f"{value:.4g}" if size >= 1 else f"{value:.3g}"


def _plot(series: Sequence[Series], styles: Sequence[int], marks: Sequence[float], about: str) -> Html:
    points = [point for s in series for point in s.points]
    finite = [y for _, y in points if math.isfinite(y)]
    logarithmic = min(finite) > 0 and max(finite) / min(finite) > 10**DECADES
    x_low, x_high = _span([x for x, _ in points])
    y_low, y_high = _span([math.log10(y) if logarithmic else y for y in finite], margin=0.06)

    def across(x: float) -> float:
        return round(LEFT + (x - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT), 1)

    def up(y: float) -> float:
        y = math.log10(y) if logarithmic else y
        return round(HEIGHT - BOTTOM - (y - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM), 1)

    levels = [10.0**n for n in ticks(y_low, y_high) if n == round(n)] if logarithmic else ticks(y_low, y_high)
    parts = [join(_rule(up(y)), label(short(y), LEFT - 6, up(y) + 4, "end")) for y in levels]
    parts += [_foot(across(x), short(x), last=across(x) > WIDTH - 30) for x in ticks(x_low, x_high, 3)]
    parts += [line(across(x), TOP, across(x), HEIGHT - BOTTOM, "phase") for x in marks if x_low < x < x_high]
    for s, style in zip(series, styles, strict=True):
        parts.append(_curve([(across(x), up(y)) if math.isfinite(y) else None for x, y in s.points], style))
    return tag("svg", *parts, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=about)


def _curve(points: Sequence[tuple[float, float] | None], style: int) -> Html:
    """A path that breaks at gaps; a point alone becomes a dot."""
    path, pen_is_down = [], False
    for point in points:
        path += [f"{'L' if pen_is_down else 'M'}{point[0]:g} {point[1]:g}"] if point else []
        pen_is_down = point is not None
    alone = len(path) == 1
    return tag(
        "path", **{"class": f"s{style} alone" if alone else f"s{style}"}, d="".join(path) + ("h.1" if alone else "")
    )


def _span(values: Sequence[float], margin: float = 0.0) -> tuple[float, float]:
    low, high = min(values), max(values)
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-12):
        room = abs(low) * 0.1 or 1.0
        return low - room, high + room
    return low - margin * (high - low), high + margin * (high - low)


def _last(series: Series) -> float:
    return next((y for _, y in reversed(series.points) if math.isfinite(y)), math.nan)


def _swatch(style: int) -> Html:
    return tag("svg", tag("path", **{"class": f"s{style}"}, d="M1 4H21"), viewBox="0 0 22 8", aria_hidden="true")


def _rule(y: float) -> Html:
    return line(LEFT, y, WIDTH - RIGHT, y, "tick")


def _foot(x: float, text: str, *, last: bool) -> Html:
    return label(text, x + (RIGHT if last else 0), HEIGHT - 6, "end" if last else "middle")
