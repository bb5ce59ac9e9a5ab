"""Distances of fakes to reals in feature space, each beside that of reals and of trivial fakes."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from multigan.core.counted import counted
from multigan.core.draw import Draw
from multigan.evaluation.score import Score, spread
from multigan.evaluation.sets import Sets
from multigan.metrics.frechet import frechet_distance, frechet_extrapolated
from multigan.metrics.frechet_interval import frechet_interval
from multigan.metrics.intervals import Interval, bootstrap
from multigan.metrics.kernel_distance import kernel_distance, standardised
from multigan.metrics.ndb import ndb

__all__ = ["distance_scores", "framed"]

RESAMPLES = 50
LEAST_IN_BIN = 20
MOST_BINS = 100


def distance_scores(sets: Sets, extractor: str, draw: Draw) -> tuple[list[Score], dict[str, Mapping[str, Any]]]:
    """Fréchet, its limit for infinitely many fakes, kernel distance and NDB; curves of the second and the last."""
    frame = framed(sets, extractor)
    limit = frechet_extrapolated(sets.real, sets.fake, draw, both=True)
    limit_floor = frechet_extrapolated(sets.real, sets.floor, draw, both=True)
    bins = max(2, min(MOST_BINS, len(sets.real) // LEAST_IN_BIN))
    binned = [ndb(sets.real, x, bins, draw) for x in (sets.fake, sets.floor, sets.untrained)]
    scores = [
        _frechet(sets, frame, draw),
        Score(
            "frechet_limit",
            "Fréchet distance, extrapolated",
            "similarity",
            limit.value,
            "lower",
            floor=limit_floor.value,
            note=f"to infinitely many items, by a line over 1/n of slope {limit.slope:.4g}; may fall below 0",
            **{k: v for k, v in frame.items() if k != "baseline_note"},
        ),
        _kernel(sets, frame, draw),
        Score(
            "ndb",
            "share of bins that differ (NDB)",
            "similarity",
            binned[0].share,
            "near floor",
            floor=binned[1].share,
            baseline=binned[2].share,
            note=f"{binned[0].different} of {bins} k-means bins at 5 %; chance alone gives .05",
            unit="%",
            **frame,
        ),
    ]
    sizes, values = zip(*limit.points, strict=True)
    shares = {"real": binned[0].real_shares.tolist(), "fake": binned[0].fake_shares.tolist()}
    return scores, {"frechet_by_n": {"n": sizes, "distance": values}, "ndb": shares}


def framed(sets: Sets, extractor: str) -> dict[str, Any]:
    """What all scores on features say of themselves."""
    return {
        "floor_note": f"{len(sets.floor)} {sets.chosen.beside} in the place of fakes",
        "baseline_note": "the untrained generator of the same seed",
        "n_fake": len(sets.fake),
        "n_real": len(sets.real),
        "extractor": extractor,
    }


def _frechet(sets: Sets, frame: Mapping[str, Any], draw: Draw) -> Score:
    n, dim = sets.real.shape
    repeated = frechet_distance(sets.real, sets.repeated)
    sure = _sure(sets, draw)
    few = (
        f"; {counted(n, 'item does', 'items do')} not determine {dim} features: compare with the floor only"
        if n <= dim
        else ""
    )
    note = f"biased upwards by few items, as its floor is{few}; one real item repeated gets {repeated:.4g}"
    return Score(
        "frechet",
        "Fréchet distance",
        "similarity",
        better="lower",
        floor=frechet_distance(sets.real, sets.floor),
        baseline=frechet_distance(sets.real, sets.untrained),
        note=note,
        **spread(sure),
        **frame,
    )


def _sure(sets: Sets, draw: Draw) -> Interval:
    if len(sets.real) > sets.real.shape[1]:
        return frechet_interval(sets.real, sets.fake)
    return bootstrap(frechet_distance, (sets.real, sets.fake), draw, repeats=RESAMPLES)


def _kernel(sets: Sets, frame: Mapping[str, Any], draw: Draw) -> Score:
    def against(x: Tensor) -> Interval:
        return kernel_distance(*standardised(sets.real, x), draw)

    floor, untrained, repeated = (against(x).value for x in (sets.floor, sets.untrained, sets.repeated))
    return Score(
        "kernel",
        "kernel distance",
        "similarity",
        better="lower",
        floor=floor,
        baseline=untrained,
        note=f"unbiased, may fall below 0; cubic, features scaled by the reals; one real item repeated: {repeated:.4g}",
        **spread(against(sets.fake)),
        **frame,
    )
