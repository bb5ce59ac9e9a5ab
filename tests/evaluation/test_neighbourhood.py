"""Neighbour scores: every interval is that of its own score."""

import pytest
import torch

from multigan.core.draw import Draw
from multigan.evaluation.neighbourhood import neighbour_scores, vendi
from multigan.evaluation.sets import Chosen, Sets
from multigan.metrics.intervals import half_samples, wilson
from multigan.metrics.neighbours import prdc

DRAW = Draw(0)
ITEMS = torch.zeros(0, dtype=torch.int64)
REAL, FLOOR, FAKE = (DRAW.normal(name, (300, 3)) for name in "rfg")
SETS = Sets(REAL, 0.5 * FAKE, FLOOR, FAKE + 20, FLOOR, REAL[:0], FAKE, Chosen(ITEMS, ITEMS, ITEMS, ITEMS, True))


def test_values_and_intervals_are_those_of_each_score_alone():
    for score in neighbour_scores(SETS, "default", DRAW):
        alone = half_samples(lambda x, y, key=score.key: getattr(prdc(x, y), key), (REAL, 0.5 * FAKE), DRAW, repeats=20)
        assert score.value == alone.value
        if alone.low == alone.high:  # halves that are all alike say nothing of other items
            alone = wilson(score.value * len(FAKE), len(FAKE))
        assert score.low == pytest.approx(max(0, alone.low))
        assert score.baseline == 0


def test_shrunken_fakes_are_less_diverse_and_the_floor_is_that_of_reals():
    score = vendi(SETS, "default", DRAW)
    assert score.low <= score.value <= score.high < score.floor
    assert score.n_fake == 300
