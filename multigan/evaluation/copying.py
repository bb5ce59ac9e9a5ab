"""Whether fakes are copies of trained items, as far as held-out items can tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.evaluation.score import Score
from multigan.evaluation.sets import Sets
from multigan.metrics.memorisation import copy_test, nearest

__all__ = ["Copying", "copying", "unseen_ratio"]

FEWEST = 16
MEMORISING_BELOW = 0.5
COPIED = 0.4
"""Of held-out items' distance to trained ones: so near, fakes are copies though they are of few items."""
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Copying:
    """What was found.

    Attributes:
        scores: empty where too little is held out.
        untold: why it cannot be told whether fakes are copies, or "".
        memorising: whether fakes are copies: both tests say so.
        smooth: whether fakes lie near the trained items without being copies.
        curves: quantiles of distances to the nearest trained item.
    """

    scores: tuple[Score, ...]
    memorising: bool
    smooth: bool
    curves: Mapping[str, Mapping[str, Any]]
    untold: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON values: whether it was told, why not, and what was found."""
        return {"told": not self.untold, "why_not": self.untold or None, "memorising": self.memorising}


def copying(sets: Sets, extractor: str, draw: Draw, doubt: str = "") -> Copying:
    """C_T, and how often the nearest real of a fake is a held-out one.

    Args:
        sets: features.
        extractor: whose.
        draw: of choices.
        doubt: why held-out items may have been trained on, or "". Fakes that follow the trained items even so are
            found; that they do not clears nobody.

    A generator of smooth averages is nearer to all reals than reals are to each other, so C_T alone would call it a
    copier. It is just as near to held-out items, which a copier is not. Smears that all lie near the same few reals say
    little of that, as hardly any of so few is held out by chance: they are copies only where they are far nearer to
    trained items than held-out ones are.
    """
    if sets.chosen.other:  # what was trained on is not there
        return Copying((), False, False, {}, doubt)
    held_out, trained = sets.held_out, sets.trained
    if len(held_out) < FEWEST or len(trained) < FEWEST:
        return Copying((), False, False, {}, _too_few(len(held_out)))
    fakes = sets.all_fakes
    to_trained, held_out_near = nearest(fakes, trained), nearest(held_out, trained)[0]
    fake_near = to_trained[0]
    test = copy_test(trained, held_out, fakes, draw, distances=(held_out_near, fake_near))
    ratio, low, high = unseen_ratio(trained, held_out, fakes, to_trained)
    blank, blank_near = sets.untrained, nearest(sets.untrained, trained)[0]
    frame: dict[str, Any] = {"n_fake": len(fakes), "n_real": len(held_out), "extractor": extractor}
    scores = (
        Score(
            "copy_test",
            "copy test (C_T)",
            "memorisation",
            test.score,
            "near floor",
            floor=0.0,
            floor_note="expected of unseen reals",
            baseline=copy_test(trained, held_out, blank, draw, cells=1, distances=(held_out_near, blank_near)).score,
            baseline_note="the untrained generator of the same seed",
            note=f"z {test.z:.1f}; below -3 fakes lie nearer to trained items than held-out items do "
            f"(in {test.nearer:.0%} of pairs)",
            **frame,
        ),
        Score(
            "unseen_nearest",
            "nearest real held out, over chance",
            "memorisation",
            ratio,
            "near floor",
            low,
            high,
            "95 %, over which items are held out",
            1.0,
            "expected of a generator that never saw either",
            0.0,
            "copies of trained items",
            note="how often a fake's nearest real is a held-out one, over their share of reals",
            **frame,
        ),
    )
    beside = ratio < MEMORISING_BELOW and bool(fake_near.median() <= COPIED * held_out_near.median())
    memorising = test.copies and (high < MEMORISING_BELOW or beside)
    smooth, untold = test.copies and not memorising and not doubt, "" if memorising else doubt
    return Copying(scores, memorising, smooth, _curves(fake_near, held_out_near), untold)


def _too_few(held_out: int) -> str:
    if held_out >= FEWEST:
        return "too few items were trained on"
    return f"only {counted(held_out, 'item is', 'items are')} held out" if held_out else "no items are held out"


def unseen_ratio(
    trained: Tensor, held_out: Tensor, fakes: Tensor, to_trained: tuple[Tensor, Tensor] | None = None
) -> tuple[float, float, float]:
    """How often the nearest real of a fake is held out, over how often chance would have it; and its 95 % interval.

    Equal distances count for the held-out item, so that common texts are no copies. The interval is as wide as if
    items were hit as unevenly as trained ones are: where fakes lie near a few reals, that is wide.

    Args:
        trained: `(t, d)`.
        held_out: `(h, d)`.
        fakes: `(m, d)`.
        to_trained: what `nearest(fakes, trained)` gives, where it is known.
    """
    far, trained_one = nearest(fakes, trained) if to_trained is None else to_trained
    near, held_out_one = nearest(fakes, held_out)
    which = torch.where(near <= far, held_out_one, trained_one + len(held_out))
    every = torch.bincount(which, minlength=len(held_out) + len(trained)).double()
    hits, others = every[: len(held_out)], every[len(held_out) :]
    expected = len(fakes) / len(every)
    uneven = float(others.var() / others.mean().clamp(min=1e-12))  # 1 = each fake by itself, give or take its own noise
    uneven = uneven if uneven > 1 + 2 * (2 / len(others)) ** 0.5 else 1.0
    error = max(float(hits.std()), (uneven * expected) ** 0.5) / len(held_out) ** 0.5
    value, half = float(hits.mean()) / expected, 1.96 * error / expected
    return value, max(0.0, value - half), value + half


def _curves(fake: Tensor, held_out: Tensor) -> dict[str, dict[str, Any]]:
    """Of distances to the nearest trained item."""
    levels = torch.tensor(QUANTILES, dtype=torch.float64)
    found = {name: torch.quantile(near, levels).tolist() for name, near in (("fake", fake), ("held_out", held_out))}
    return {"nearest_trained": {"quantile": list(QUANTILES), **found}}
