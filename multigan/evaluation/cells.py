"""Pairs that are judged apart: every score of every system, by what the modality says of the inputs."""

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.types import Modality, Spec
from multigan.evaluation.paired_interval import interval_of, known_end
from multigan.evaluation.score import Score
from multigan.plugins.abilities import Contends, able
from multigan.plugins.paired import PairScore

__all__ = ["by_cell", "told"]

LEAST = 8
"""Pairs below which a cell says nothing."""


def by_cell(
    modality: Modality,
    spec: Spec,
    source: Tensor,
    real: Tensor,
    made: Mapping[str, Tensor],
    scores: Sequence[PairScore],
) -> dict[str, Any]:
    """`{cell: {"n": pairs, "systems": {system: {key: {value, low, high}}}}}`; empty where a modality has no cells.

    Args:
        modality: of the samples.
        spec: of a sample.
        source: inputs `(n, ...)`.
        real: targets `(n, *spec.shape)`.
        made: outputs of every system.
        scores: of pairs.
    """
    if not able(modality, Contends):
        return {}
    cells = {name: inside for name, inside in modality.cells(source, real, spec).items() if int(inside.sum()) >= LEAST}
    found: dict[str, Any] = {
        name: {"n": int(inside.sum()), "systems": {one: {} for one in made}} for name, inside in cells.items()
    }
    for score in scores:
        for system, fake in made.items():
            rows = score.rows(real, fake)
            for name, inside in cells.items():
                draw = Draw(0, 0, f"evaluate/{score.about.key}/{name}/")
                interval = interval_of(score, rows[inside], draw)
                if interval.value == interval.value:  # a score that no pair of the cell has is none
                    ends = {"low": known_end(interval.low), "high": known_end(interval.high)}
                    own = {"value": interval.value, **ends}
                    found[name]["systems"][system][score.about.key] = own
    return found


def told(cells: Mapping[str, Any], scores: Sequence[Score]) -> list[str]:
    """One line a cell for people: the first score that cells have, of every system.

    Args:
        cells: what `by_cell` gave.
        scores: of all pairs, with their titles.
    """
    lines = []
    for name, cell in cells.items():
        rows = cell["systems"]
        score = next((one for one in scores if one.key != "l1" and all(one.key in row for row in rows.values())), None)
        if score is not None:
            values = [f"{system} {row[score.key]['value']:.3g}" for system, row in rows.items()]
            lines.append(f"{name} ({cell['n']} pairs), {score.title}: {', '.join(values)}")
    return lines
