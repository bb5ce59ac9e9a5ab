"""Quality against diversity over temperature: a GAN beside the maximum-likelihood start that it was made from."""

from collections.abc import Mapping, Sequence
from typing import Any

from multigan.core.html import Html, join, tag
from multigan.report.chart import chart
from multigan.report.series import Series

__all__ = ["temperature"]

PAIRS = (
    ("lm_nll", "reverse_nll", "NLL of samples", "Reverse NLL", "left: likelier text; lower: nearer and more varied"),
    ("bleu_5", "self_bleu_5", "BLEU-5", "Self-BLEU-5", "right: better text; lower: more varied"),
)  # fmt: skip


def temperature(evaluation: Mapping[str, Any]) -> Html:
    """The curve in `evaluation["curves"]["temperature"]` as charts with its verdict; empty where there is none."""
    curve = _table(_table(evaluation, "curves"), "temperature")
    drawn = [_pair(curve, *pair) for pair in PAIRS]
    kept = [figure for figure in drawn if figure]
    if not kept:
        return Html()
    said = [tag("p", line) for line in _list(curve, "verdict")]
    return join(_about(curve), *said, tag("div.grid.two", *kept))


def _pair(curve: Mapping[str, Any], x: str, y: str, x_title: str, title: str, note: str) -> Html | None:
    systems = {**_table(curve, "systems"), "real text": [curve.get("real")]}
    series = [Series(str(name), _points(points, x, y)) for name, points in systems.items()]
    if not any(one.points for one in series[:-1]):
        return None
    return chart(f"{title} against {x_title}", series, note=note, x_name=x_title)


def _points(points: Any, x: str, y: str) -> Sequence[tuple[float, float]]:
    rows = [row for row in points if isinstance(row, Mapping)] if isinstance(points, list) else []
    found = [(row.get(x), row.get(y)) for row in rows]
    return [(float(a), float(b)) for a, b in found if isinstance(a, int | float) and isinstance(b, int | float)]


def _about(curve: Mapping[str, Any]) -> Html:
    temperatures = ", ".join(f"{t:g}" for t in _list(curve, "temperatures") if isinstance(t, int | float))
    return tag(
        "p.note",
        f"Every point is one temperature ({temperatures}): {curve.get('n_fake')} samples with each of "
        f"{len(_list(curve, 'seeds'))} seeds, judged by {curve.get('n_real')} held-out lines. A generator is the "
        "better one only if its curve is: a lower temperature makes any text likelier and less varied. "
        "The point of real text is that of training lines in the place of samples. More samples: multigan temperature.",
    )


def _table(mapping: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = mapping.get(key)
    return found if isinstance(found, Mapping) else {}


def _list(mapping: Mapping[str, Any], key: str) -> list[Any]:
    found = mapping.get(key)
    return found if isinstance(found, list) else []
