"""How sure scores of pairs are."""

import math

import torch

from multigan.core.draw import Draw
from multigan.evaluation.paired_interval import interval_of, known_end
from multigan.metrics.intervals import wilson
from multigan.metrics.rows import About
from multigan.plugins.paired import PairScore

ABOUT = About("one", "one", "similarity", "higher")


def mean_of(**options):
    return PairScore(ABOUT, lambda real, fake: fake, lambda rows: float(rows.double().mean()), **options)


def test_a_share_is_never_more_than_all_and_none_of_ten_is_not_surely_none():
    for hits in (0, 9, 10):
        rows = (torch.arange(10) < hits).double()[:, None]
        found, expected = interval_of(mean_of(share=True), rows, Draw(0)), wilson(hits, 10)
        assert (found.low, found.high) == (expected.low, expected.high)
        assert 0 <= found.low < found.high <= 1


def test_an_interval_stays_within_what_the_score_can_be():
    rows = torch.tensor([[1.0]] * 9 + [[0.0]])
    free, bound = interval_of(mean_of(), rows, Draw(0)), interval_of(mean_of(bounds=(0.8, 0.95)), rows, Draw(0))
    assert free.low < 0.8
    assert free.high > 0.95
    assert (bound.low, bound.value, bound.high) == (0.8, free.value, 0.95)


def test_where_resampling_says_nothing_there_is_no_interval():
    same = interval_of(mean_of(), torch.ones(10, 1), Draw(0))
    counted = interval_of(mean_of(resampled=False), torch.rand(10, 1), Draw(0))
    for found in (same, counted):
        assert math.isnan(found.low)
        assert found.how.startswith("none: ")
    assert known_end(same.low) is None
    assert known_end(0.5) == 0.5
