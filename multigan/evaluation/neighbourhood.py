"""Quality and diversity from nearest neighbours and from the Vendi score."""

from dataclasses import replace
from typing import Any

from torch import Tensor

from multigan.core.draw import Draw
from multigan.evaluation.distances import framed
from multigan.evaluation.score import Score, spread
from multigan.evaluation.sets import Sets
from multigan.metrics.intervals import half_samples, wilson
from multigan.metrics.kernel_distance import median_bandwidth
from multigan.metrics.neighbours import Prdc, prdc
from multigan.metrics.vendi import vendi_score

__all__ = ["neighbour_scores", "vendi"]

MOST = 5000
RESAMPLES = 20
K = 5
ABOUT = {
    "precision": ("quality", "near floor", f"share of fakes within reach of a real, k = {K}"),
    "density": ("quality", "near floor", "how many reals reach a fake, over k; 1 for equal sets"),
    "recall": ("diversity", "near floor", "share of reals within reach of a fake; blurs may raise it"),
    "coverage": ("diversity", "near floor", "share of reals that have a fake within their own reach"),
}


def neighbour_scores(sets: Sets, extractor: str, draw: Draw) -> list[Score]:
    """Precision, density, recall, coverage, on at most 5,000 of each."""
    real, fake, floor, untrained = (x[:MOST] for x in (sets.real, sets.fake, sets.floor, sets.untrained))
    at_floor, at_baseline = prdc(real, floor, K), prdc(real, untrained, K)
    frame = framed(sets, extractor) | {"n_fake": len(fake), "n_real": len(real)}
    found = _resampled(real, fake, draw)
    scores = []
    for key, (group, better, note) in ABOUT.items():
        values = iter([getattr(one, key) for one in found])
        sure = half_samples(lambda x, y, values=values: next(values), (real, fake), draw, repeats=RESAMPLES)
        n = {"precision": len(fake), "recall": len(real), "coverage": len(real)}.get(key)
        sure = replace(sure, low=max(0.0, sure.low), high=sure.high if n is None else min(1.0, sure.high))
        if (
            n is not None and sure.low == sure.high
        ):  # of none or all of them halves are alike, and yet others may differ
            sure = wilson(sure.value * n, n)
        frame_of = {"floor": getattr(at_floor, key), "baseline": getattr(at_baseline, key), **frame}
        scores.append(
            Score(key, key, group, better=better, note=note, unit="" if n is None else "%", **spread(sure), **frame_of)
        )
    return scores


def _resampled(real: Tensor, fake: Tensor, draw: Draw) -> list[Prdc]:
    """All four scores of every half and then of the whole, in the order that `half_samples` always asks for them."""
    found = list[Prdc]()

    def note(x: Tensor, y: Tensor) -> float:
        found.append(prdc(x, y, K))
        return 0.0

    half_samples(note, (real, fake), draw, repeats=RESAMPLES)
    return found


def vendi(sets: Sets, extractor: str, draw: Draw) -> Score:
    """The effective number of different fakes beside that of as many reals; Gaussian kernel, the reals' bandwidth."""
    n = min(MOST // 2, len(sets.real))
    width = median_bandwidth(sets.real)
    sides = [vendi_score(x[:n], "gaussian", bandwidth=width) for x in (sets.floor, sets.untrained)]
    sure = half_samples(
        lambda x: vendi_score(x, "gaussian", bandwidth=width), (sets.fake[:n],), draw, repeats=RESAMPLES
    )
    frame = framed(sets, extractor) | {"n_fake": n, "n_real": n}
    note = "effective number of different items; Gaussian kernel of the reals' median distance; 1 = all the same"
    ends: dict[str, Any] = {"floor": sides[0], "baseline": sides[1]}
    return Score("vendi", "Vendi score", "diversity", better="near floor", note=note, **spread(sure), **ends, **frame)
