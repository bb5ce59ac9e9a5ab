"""What of a run is compared: its recipe without the seed, and its scores."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from multigan.core.errors import RunError
from multigan.core.shell import typed
from multigan.identity.record import Record, read_record
from multigan.recipe.recipe import Recipe, fingerprint
from multigan.run.files import read_run_file
from multigan.run.folder import find_run
from multigan.run.ledger import read_metrics

__all__ = ["Entry", "Score", "differing_keys", "read_entry", "vitals_entry"]

UNIMPORTANT = {"title", "summary", "cite"}


@dataclass(frozen=True)
class Score:
    """One score of one run; `low` and `high` are NaN where no interval is known."""

    title: str
    value: float
    low: float = math.nan
    high: float = math.nan
    better: str = "none"


@dataclass(frozen=True)
class Entry:
    """One run.

    Attributes:
        folder: the run directory.
        recipe: its recipe.
        group: fingerprint of the recipe with seed 0: runs that differ only in the seed share it.
        scores: by key.
        frame: what must agree for scores to be comparable: extractor, counts.
        seen: real samples that its training has seen, all phases; None = no file says it.
        data: what the run knows of its data; None where an older version wrote it.
    """

    folder: Path
    recipe: Recipe
    group: str
    scores: Mapping[str, Score]
    frame: Mapping[str, Any]
    data: Record | None = None
    seen: int | None = None


def read_entry(run: str | Path) -> Entry:
    """A run with the scores of its `evaluation.json`; without scores where there is none.

    Raises:
        RunError: it is no run directory, or its evaluation or `data.json` is damaged.
    """
    folder, recipe = find_run(run)
    seedless = recipe.model_copy(update={"train": recipe.train.model_copy(update={"seed": 0})})
    found = read_run_file(folder, "evaluation.json")
    if found is None:
        return Entry(folder, recipe, fingerprint(seedless), {}, {}, read_record(folder), _seen(folder))
    rows = found.get("scores") or []
    scores = {row["key"]: _score(row) for row in rows if _number(row.get("value")) is not None}
    frame = {
        "extractor": (found.get("extractor") or {}).get("sha256"),
        "counts of fakes and reals": (found.get("counts") or {}),
    }
    return Entry(folder, recipe, fingerprint(seedless), scores, frame, read_record(folder), _seen(folder))


def vitals_entry(entry: Entry) -> Entry:
    """The same run with the lowest distance of its vitals as the only score.

    Raises:
        RunError: nothing was measured in it.
    """
    rows = [row for row in read_metrics(entry.folder / "metrics.jsonl") if "vitals/distance" in row]
    if not rows:
        raise RunError(
            f"{entry.folder} holds neither scores nor vitals",
            "an evaluation",
            f"type multigan evaluate {typed(entry.folder)}",
        )
    best = min(float(row["vitals/distance"]) for row in rows)
    counts = {name: rows[0].get(f"vitals/{name}") for name in ("items", "heldout_items")}
    score = Score("lowest distance in vitals, kept or not", best, better="lower")
    made = (read_run_file(entry.folder, "run.json") or {}).get("extractor") or {}
    frame = {"items compared with": counts, "extractor": made.get("sha256")}
    return replace(entry, scores={"vitals/distance": score}, frame=frame)


def differing_keys(recipes: Sequence[Recipe]) -> dict[str, list[Any]]:
    """Keys whose values are not the same in all recipes, with the value in each; None where it has no such key."""
    flat = [_flat(recipe.model_dump(mode="json", exclude=UNIMPORTANT)) for recipe in recipes]
    keys = dict.fromkeys(key for table in flat for key in table)
    values = {key: [table.get(key) for table in flat] for key in keys if key != "train.seed"}
    return {key: found for key, found in values.items() if any(value != found[0] for value in found)}


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        name = prefix + key.replace("options", "").rstrip(".")
        if isinstance(value, Mapping) and value:
            flat |= _flat(value, f"{name}." if key != "options" else prefix)
        elif value is not None and key != "options":
            flat[name] = value
    return flat


def _score(row: Mapping[str, Any]) -> Score:
    low, high = _number(row.get("low")), _number(row.get("high"))
    return Score(
        str(row.get("title") or row["key"]),
        float(row["value"]),
        math.nan if low is None else low,
        math.nan if high is None else high,
        str(row.get("better") or "none"),
    )


def _seen(folder: Path) -> int | None:
    """A recipe says how many were asked for, and whole batches are trained: the last step may go past it."""
    state = (read_run_file(folder, "run.json") or {}).get("state")
    seen = state.get("samples") if isinstance(state, Mapping) else None
    return seen if isinstance(seen, int) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
