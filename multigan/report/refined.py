"""What a refinement did: how far its critic can be trusted, and every score beside the plain generator's."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from multigan.core.errors import CheckpointError
from multigan.core.html import Html, join, tag
from multigan.generator.critic import REFINED, Made, read_made
from multigan.report.chart import chart, short
from multigan.report.lists import plain
from multigan.report.series import Series

__all__ = ["refined"]

MOST_BYTES = 2**26


def refined(folder: Path) -> Html:
    """The section of a run's report; empty where it has not been refined."""
    if not (folder / REFINED).is_dir():
        return Html()
    try:
        made = read_made(folder)
    except CheckpointError as error:
        return tag("p.note", str(error))
    return join(_frame(made), _curve(made), _beside(_read(folder / REFINED / "evaluation.json")))


def _frame(made: Made) -> Html:
    split = made.split
    return plain(
        {
            "generator": made.which or "the only one",
            "critic": f"{made.start}, {made.steps:,} steps on {made.samples:,} samples, seed {made.seed}: {made.ended}",
            "loss on unseen reals": f"{made.log_loss['calibrated']:.4f} nats; by chance .6931",
            "calibration": f"logits × {made.scale:.3g} {made.bias:+.3g}, by {split['calibrate']:,} held-out reals",
            "held-out reals": f"{split['stop']:,} to stop by, {split['calibrate']:,} to calibrate by, "
            f"{split['judge']:,} to judge by",
        }
    )


def _curve(made: Made) -> Html:
    drawn = [Series("critic", [(one["said"], one["real"]) for one in made.curve]), Series("exact", [(0, 0), (1, 1)])]
    error = made.calibration_error
    note = (
        f"share of reals among samples that the critic calls real with such a probability; mean gap "
        f"{error['calibrated']:.1%}, before calibration {error['raw']:.1%}"
    )
    return chart("Reliability", drawn, note=note, x_name="what was said")


def _beside(evaluation: Mapping[str, Any]) -> Html:
    found = evaluation.get("refined")
    if not isinstance(found, Mapping) or not isinstance(found.get("plain"), list):
        return tag("p.note", "Not evaluated yet: multigan evaluate RUN --refined shows plain beside refined.")
    before = {one.get("key"): one for one in found["plain"] if isinstance(one, Mapping)}
    after = [one for one in evaluation.get("scores") or [] if isinstance(one, Mapping) and one.get("key") in before]
    rows = [
        tag("tr", *(tag("td", cell) for cell in (_title(one), _cell(before[one["key"]]), _cell(one)))) for one in after
    ]
    heads = tag("thead", tag("tr", *(tag("th", head, scope="col") for head in ("score", "plain", "refined"))))
    return join(tag("p.note", str(found.get("line", ""))), tag("table.stack", heads, tag("tbody", *rows)))


def _title(score: Mapping[str, Any]) -> str:
    return str(score.get("title", ""))


def _cell(score: Mapping[str, Any]) -> str:
    value, low, high = (score.get(name) for name in ("value", "low", "high"))
    if not isinstance(value, int | float):
        return "—"
    sure = isinstance(low, int | float) and isinstance(high, int | float)
    return f"{short(value)} ({short(float(low))} to {short(float(high))})" if sure else short(value)  # type: ignore[arg-type]


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= MOST_BYTES else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
