"""What a fresh judge went by: the fakes that it was surest of, and the reals that it took for fakes."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from multigan.core.draw import Draw
from multigan.core.html import Html, join, tag
from multigan.core.types import Data
from multigan.generator.generator import Generator
from multigan.report.gallery import strip
from multigan.report.media import Media
from multigan.run.judged import judged_weights, not_of

__all__ = ["SHOWN", "giveaways"]

SHOWN = 8


def giveaways(media: Media, generator: Generator, data: Data, evaluation: Mapping[str, Any]) -> Html:
    """Two strips of at most 8 samples; nothing where no judge looked at this generator.

    Args:
        media: draws into the page.
        generator: whose fakes; drawn again, from the evaluation's seed.
        data: the run's.
        evaluation: `evaluation.json`; its `judge` has the numbers of fakes and items.
    """
    told, judged = _table(evaluation, "judge"), _table(evaluation, "generator")
    fakes, items = (_numbers(told, *key) for key in (("giveaways", "fake"), ("doubted_reals", "item")))
    same = judged_weights(evaluation) and not not_of(evaluation, generator.config["weights_sha256"])
    drawn, seed = told.get("drawn"), told.get("seed")
    if not same or not isinstance(drawn, int) or not isinstance(seed, int) or not fakes:
        return Html()
    sides = [("Surest to be fakes", "fake", _fakes(generator, fakes, drawn, seed), False)]
    known = [item for item in items if item < len(data.items)]
    if known:
        sides.append(("Reals that were taken for fakes most", "real", _reals(generator, data, known), True))
    strips = []
    for title, name, x, real in sides:
        rendered = generator.modality.render(x, generator.spec)
        shown = strip(media, rendered, name, real=real)
        strips += [tag("h3", title), shown] if shown else []
    if not strips:
        return Html()
    said = (
        f"Fakes of the {judged.get('which') or 'evaluated'} generator. {_judges(told)} learnt from half of "
        f"{told.get('compared_with')} reals and as many fakes and judged the other half. What the first strip shows "
        "and the second does not is what gives the fakes away."
    )
    return join(tag("p.note", said), *strips)


def _judges(told: Mapping[str, Any]) -> str:
    return "Regressions of numbers" if told.get("by") == "numbers" else "Small nets"


def _fakes(generator: Generator, fakes: Sequence[int], drawn: int, seed: int) -> Tensor:
    chosen = [k for k in fakes if 0 <= k < drawn]
    return generator.tensors(max(chosen) + 1, seed)[chosen]


def _reals(generator: Generator, data: Data, items: Sequence[int]) -> Tensor:
    raw = data.items.take(torch.tensor(items), Draw(0, 0, "evaluate/"))
    return generator.modality.to_real(raw, data.spec)


def _numbers(told: Mapping[str, Any], key: str, number: str) -> list[int]:
    rows = told.get(key)
    found = [row.get(number) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return [one for one in found if isinstance(one, int) and one >= 0][:SHOWN]


def _table(mapping: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = mapping.get(key)
    return found if isinstance(found, Mapping) else {}
