"""Numbers of an evaluation for a card: none without its frame."""

from collections.abc import Mapping
from typing import Any

from multigan.core.plain import one_line
from multigan.publish.markdown import escaped
from multigan.publish.private import without_places

__all__ = ["evaluation_table", "metric_results"]


def evaluation_table(evaluation: Mapping[str, Any] | None) -> str:
    """Markdown: each score with its interval, the floor (real against real), the baseline and the sample counts."""
    scores = (evaluation or {}).get("scores") or []
    if evaluation is None or not scores:
        return "Not evaluated. A number without its floor and baseline says nothing, so there is none here."
    rows = [
        "| score | value | interval | better | floor | baseline | samples (fake / real) |",
        "|---|---|---|---|---|---|---|",
        *(_row(score) for score in scores),
    ]
    verdict = [f"> {escaped(without_places(line))}" for line in evaluation.get("verdict") or ()]
    return "\n".join([*rows, "", _how(evaluation), *(["", *verdict] if verdict else [])])


def metric_results(evaluation: Mapping[str, Any] | None, data: str, task: str) -> list[Any]:
    """The scores as the hub's `EvalResult`s, with interval, floor and counts in `metric_args`."""
    from huggingface_hub import EvalResult

    return [
        EvalResult(
            task_type=task,
            dataset_type=data,
            dataset_name=data,
            metric_type=one_line(score["key"]),
            metric_name=one_line(score.get("title") or score["key"]),
            metric_value=score["value"],
            metric_args={name: score.get(name) for name in ("low", "high", "floor", "baseline", "n_fake", "n_real")},
        )
        for score in (evaluation or {}).get("scores") or []
        if score.get("value") is not None
    ]


def _row(score: Mapping[str, Any]) -> str:
    interval = f"{_number(score.get('low'))} to {_number(score.get('high'))}" if score.get("low") is not None else "–"
    counts = f"{_number(score.get('n_fake'))} / {_number(score.get('n_real'))}"
    cells = [
        score.get("title") or score["key"],
        _number(score.get("value")),
        interval,
        score.get("better") or "–",
        _with_note(score, "floor"),
        _with_note(score, "baseline"),
        counts,
    ]
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"


def _with_note(score: Mapping[str, Any], name: str) -> str:
    note = score.get(f"{name}_note")
    return _number(score.get(name)) + (f" ({note})" if note and score.get(name) is not None else "")


def _number(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _how(evaluation: Mapping[str, Any]) -> str:
    extractor = escaped(without_places((evaluation.get("extractor") or {}).get("name", "unknown")))
    which = escaped((evaluation.get("generator") or {}).get("which", "last"))
    return (
        f"Seed {escaped(evaluation.get('seed'))}; features: {extractor}; the {which} generator. "
        "Floor = reals against other reals; baseline as noted. "
        "Scores under other features, counts or seeds cannot be compared with these."
    )
