"""A shorter game gets a shorter way to it: phases follow `train.samples` where that alone was set."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["in_proportion"]


def in_proportion(table: Mapping[str, Any], before: Any, given: Sequence[Sequence[str | int]]) -> Mapping[str, Any]:
    """The recipe with its phases shortened as `train.samples` was; what is no number is left for the schema to refuse.

    Phases that an override names keep their lengths, and then all do; a longer game does not lengthen them.

    Args:
        table: of the recipe, with all overrides.
        before: `train.samples` without them.
        given: keys of the overrides.

    Returns:
        `table`, or a copy of it.

    Example:
        >>> recipe = {"train": {"samples": 600}, "phases": [{"name": "warm", "samples": 100_000}]}
        >>> in_proportion(recipe, 60_000, [("train", "samples")])["phases"]
        [{'name': 'warm', 'samples': 1000}]
    """
    train, phases = table.get("train"), table.get("phases")
    now = train.get("samples") if isinstance(train, Mapping) else None
    names = {tuple(key)[:2] for key in given}
    if any(name[:1] == ("phases",) for name in names) or not names & {("train", "samples"), ("train",)}:
        return table
    if not isinstance(phases, list) or not _count(now) or not _count(before) or now >= before:
        return table
    if not all(isinstance(phase, Mapping) and _count(phase.get("samples")) for phase in phases):
        return table
    shorter = [{**phase, "samples": max(1, round(phase["samples"] * now / before))} for phase in phases]
    return {**table, "phases": shorter}


def _count(value: Any) -> bool:
    return type(value) is int and value > 0
