"""The plot of a bench, as SVG text: one dot a seed, nothing to install."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from multigan.core.errors import RunError
from multigan.core.html import Html, join, tag
from multigan.core.svg import label, line
from multigan.files.keeping import write_whole
from multigan.provenance.labels import make_folder

__all__ = ["check_plot_path", "mode_plot", "write_plot"]

LEFT, RIGHT, WIDTH = 170, 110, 760
LINE, HEAD, FOOT = 22, 44, 34
DOT, WINNER, GREY, INK = "#4477aa", "#cc6633", "#999999", "#222222"
Row = Mapping[str, Any]


def check_plot_path(path: Path | None) -> None:
    """Refuse another ending before time is spent.

    Raises:
        RunError: the ending is not `.svg`.
    """
    if path is not None and path.suffix.lower() != ".svg":
        raise RunError(f"--plot {path}", "a file that ends in .svg", f"type --plot {path.with_suffix('.svg')}")


def write_plot(path: Path, sets: Mapping[str, Any], rows: Sequence[Row], modes: Mapping[str, int]) -> None:
    """Write `mode_plot` to a file."""
    make_folder(path.parent)
    write_whole(path, lambda to: to.write_text(mode_plot(sets, rows, modes), encoding="utf-8"))


def mode_plot(sets: Mapping[str, Any], rows: Sequence[Row], modes: Mapping[str, int]) -> str:
    """Reverse KL of every seed on a logarithmic axis, a panel for each set; lower is better.

    Args:
        sets: facts by name of the set, see `Yardstick.facts`.
        rows: as in the results file.
        modes: how many modes each set has.

    The dashed line is what exact samples get: no honest dot lies far left of it. At the right is the mean of the modes.
    """
    panels, top = [], 8.0
    for name, facts in sets.items():
        mine = [row for row in rows if row["set"] == name and "diverged" not in row]
        if mine:
            panel, height = _panel(name, facts, mine, modes[name], top)
            panels.append(panel)
            top += height
    back = tag("rect", width="100%", height="100%", fill="white")
    size = {"xmlns": "http://www.w3.org/2000/svg", "width": WIDTH, "height": f"{top:.0f}"}
    return tag("svg", back, *panels, **size, font_family="sans-serif", font_size=12) + "\n"


def _panel(name: str, facts: Mapping[str, Any], rows: Sequence[Row], modes: int, top: float) -> tuple[Html, float]:
    configs = list(dict.fromkeys(row["config"] for row in rows))
    floor = facts["floor"]["reverse_kl"]
    low = 10 ** math.floor(math.log10(floor / 2))
    high = 10 ** math.ceil(math.log10(max(math.log(modes), *(row["reverse_kl"] for row in rows))))
    bottom = top + HEAD + LINE * len(configs)
    parts = [_text(8, top + 18, f"{name}: {modes} modes", weight="bold"), _text(WIDTH - RIGHT + 16, top + 36, "modes")]
    parts += [_tick(power, low, high, top + HEAD, bottom) for power in range(round(math.log10(high / low)) + 1)]
    x = _place(floor, low, high)
    parts.append(line(x, top + HEAD - 6, x, bottom, stroke=GREY, stroke_dasharray="4 3"))
    parts.append(_text(x, top + 36, "exact samples", anchor="middle", colour=GREY))
    for number, config in enumerate(configs):
        mine = [row for row in rows if row["config"] == config]
        parts.append(_dots(config, mine, top + HEAD + LINE * (number + 0.5), low, high))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, bottom + 30, "reverse KL, nats (lower is better)", anchor="middle"))
    return join(*parts), HEAD + LINE * len(configs) + FOOT + 10


def _dots(config: str, rows: Sequence[Row], y: float, low: float, high: float) -> Html:
    colour = WINNER if config == "default" else DOT
    count = sum(row["modes"] for row in rows) / len(rows)
    dots = [
        tag(
            "circle",
            tag("title", f"{config}, seed {row['seed']}: {row['reverse_kl']:.4f}"),
            cx=f"{_place(row['reverse_kl'], low, high):.1f}",
            cy=f"{y:.1f}",
            r=4.5,
            fill=colour,
            fill_opacity=0.65,
        )
        for row in rows
    ]
    name = _text(LEFT - 12, y + 4, config, anchor="end", colour=colour if config == "default" else INK)
    return join(name, *dots, _text(WIDTH - RIGHT + 16, y + 4, f"{count:.1f}"))


def _tick(power: int, low: float, high: float, top: float, bottom: float) -> Html:
    value = low * 10**power
    x = _place(value, low, high)
    words = _text(x, bottom + 14, f"{value:g}", anchor="middle", colour=GREY)
    return join(line(x, top, x, bottom, stroke="#e4e4e4"), words)


def _place(value: float, low: float, high: float) -> float:
    share = math.log(max(value, low) / low) / math.log(high / low)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = INK, weight: str = "normal") -> Html:
    return label(text, x, y, anchor, fill=colour, font_weight=weight)
