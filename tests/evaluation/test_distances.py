"""Distances with their frames on Gaussians whose distance is known."""

import pytest
import torch

from multigan.core.draw import Draw
from multigan.evaluation.distances import distance_scores
from multigan.evaluation.sets import Chosen, Sets

DRAW = Draw(0)


def gaussian(name, n=2000, shift=0.0):
    return DRAW.normal(name, (n, 4)) + shift


def scored(n=2000):
    items = torch.zeros(0, dtype=torch.int64)
    real, floor, fake, blank = (gaussian(k, n, s) for k, s in (("r", 0), ("f", 0), ("g", 0.5), ("u", 2.0)))
    sets = Sets(real, fake, floor, blank, floor, real[:0], fake, Chosen(items, items, items, items, True))
    scores, curves = distance_scores(sets, "default", DRAW)
    return {score.key: score for score in scores}, curves


def test_the_value_is_the_known_one_and_floor_and_baseline_frame_it():
    found, curves = scored()
    frechet = found["frechet"]
    assert frechet.value == pytest.approx(4 * 0.25, rel=0.15)
    assert frechet.baseline == pytest.approx(4 * 4.0, rel=0.1)
    assert frechet.floor < 0.05
    assert frechet.low < 1.0 < frechet.high
    assert abs(found["frechet_limit"].floor) < abs(frechet.floor)
    assert found["kernel"].floor < found["kernel"].low < found["kernel"].baseline
    assert found["ndb"].floor < 0.2 < found["ndb"].value
    assert sum(curves["ndb"]["real"]) == pytest.approx(1)


def test_few_items_have_a_bootstrap_interval_and_a_note():
    items = torch.zeros(0, dtype=torch.int64)
    x = [DRAW.normal(name, (40, 64)) for name in "abcd"]
    sets = Sets(*x, x[0], x[0][:0], x[1], Chosen(items, items, items, items, True))
    frechet = distance_scores(sets, "default", DRAW)[0][0]
    assert "bootstrap" in frechet.interval
    assert "do not determine" in frechet.note
