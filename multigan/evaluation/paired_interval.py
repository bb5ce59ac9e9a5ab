"""How sure a score of pairs is: resampled pairs, or what suits a share; no interval where neither says anything."""

import math
from dataclasses import replace

from torch import Tensor

from multigan.core.draw import Draw
from multigan.evaluation.score import NO_WIDTH
from multigan.metrics.intervals import Interval, bootstrap, wilson
from multigan.plugins.paired import PairScore

__all__ = ["interval_of", "known_end"]

RESAMPLES = 50


def interval_of(score: PairScore, rows: Tensor, draw: Draw) -> Interval:
    """The score of rows with its interval; both ends are NaN where there is none.

    Args:
        score: says what its rows are.
        rows: what `score.rows` gave, `(n, ...)`.
        draw: of the resampling.
    """
    value = score.number(rows)
    if not score.resampled:
        return Interval(value, math.nan, math.nan, how="none: counted over all outputs at once")
    if score.share:
        return wilson(float(rows.double().sum()), len(rows))
    found = bootstrap(score.number, [rows], draw, repeats=RESAMPLES)
    if found.low == found.high:
        return replace(found, low=math.nan, high=math.nan, how=NO_WIDTH)
    least, most = score.bounds
    return replace(found, low=max(least, found.low), high=min(most, found.high))


def known_end(end: float) -> float | None:
    """An end of an interval for a file: None where there is none."""
    return None if math.isnan(end) else end
