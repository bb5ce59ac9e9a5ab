"""Numbers over time, short enough to draw."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Series", "phase_seconds", "series_of", "thin"]

POINTS = 240
Row = Mapping[str, Any]


class Series(NamedTuple):
    """One curve: its name, and points `(x, y)` in order of x; y may be NaN or infinite, which is a gap."""

    name: str
    points: Sequence[tuple[float, float]]


def series_of(rows: Sequence[Row], key: str, name: str = "") -> Series:
    """The values of `key` over `samples`, thinned; what is no number is a gap."""
    found = [(float(row.get("samples", row["step"])), _number(row[key])) for row in rows if key in row]
    return Series(name or key, thin(found))


def thin(points: Sequence[tuple[float, float]], most: int = POINTS) -> list[tuple[float, float]]:
    """At most `most` points: the lowest and the highest of every stretch, in order, so that no spike is lost.

    A stretch with a number that is not finite keeps it too, for the gap (then there may be half as many more).
    """
    if len(points) <= most:
        return list(points)
    stretches = max(most // 2, 1)
    kept: list[tuple[float, float]] = []
    for number in range(stretches):
        part = points[number * len(points) // stretches : (number + 1) * len(points) // stretches]
        finite = [point for point in part if math.isfinite(point[1])]
        extremes = {min(finite, key=lambda p: p[1]), max(finite, key=lambda p: p[1])} if finite else set()
        gap = [point for point in part if not math.isfinite(point[1])][:1]
        kept += sorted([*extremes, *gap], key=lambda p: p[0])
    return kept


def phase_seconds(rows: Sequence[Row]) -> dict[str, float]:
    """Seconds spent in every phase, in order; a resume starts the clock anew and is added."""
    spent: dict[str, float] = {}
    before = 0.0
    for row in rows:
        now = _number(row.get("seconds"))
        if math.isfinite(now):
            phase = str(row.get("phase", "training"))
            spent[phase] = spent.get(phase, 0.0) + (now - before if now >= before else now)
            before = now
    return spent


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
