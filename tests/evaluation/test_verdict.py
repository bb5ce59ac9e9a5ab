"""Words for numbers."""

import pytest
import torch

from multigan.evaluation.copying import Copying
from multigan.evaluation.score import Score
from multigan.evaluation.sets import Chosen, Sets
from multigan.evaluation.verdict import verdict, warnings_of

NOTHING = Copying((), False, False, {}, "no items are held out")


def sets_of(n, dim, unseen=True, trained=50):
    items = torch.zeros(0, dtype=torch.int64)
    x = torch.zeros(n, dim)
    return Sets(x, x, x, x, torch.zeros(trained, dim), x[:0], x, Chosen(items, items, items, items, unseen))


def score(key, value, floor, half, baseline=0.0):
    return Score(key, key, "quality", value, "lower", value - half, value + half, floor=floor, baseline=baseline)


def lines(fd=12.0, vendi=210.0, coverage=0.9):
    scores = [
        score("frechet", fd, 3.0, 1.0, 60.0),
        score("precision", 0.8, 0.9, 0.05),
        score("vendi", vendi, 340.0, 5),
        score("coverage", coverage, 0.95, 0.01),
    ]
    return verdict(scores, NOTHING, sets_of(50, 4))


def test_the_distance_is_put_between_floor_and_baseline():
    assert lines()[0] == ("FD 12 is 4.0 x the floor 3 and 0.20 x the baseline 60: clearly learnt, clearly not real")
    assert "not to be told from reals" in lines(fd=3.5)[0]
    assert "hardly learnt" in lines(fd=50.0)[0]


@pytest.mark.parametrize(
    ("vendi", "words"), [(10, "collapsed"), (210, "less diverse"), (330, "as diverse"), (600, "more scattered")]
)
def test_diversity_is_judged_by_that_of_reals(vendi, words):
    assert words in lines(vendi=vendi)[2]


def test_diverse_fakes_far_from_reals_are_told():
    assert "most reals have no fake near them" in lines(vendi=330, coverage=0.2)[2]


def test_without_held_out_items_copying_cannot_be_told():
    assert lines()[3] == "memorising: cannot be told, no items are held out"


def test_what_spoils_the_numbers_is_warned_of():
    assert warnings_of(NOTHING, sets_of(50, 4), 50) == []
    assert "mostly bias" in warnings_of(NOTHING, sets_of(50, 64), 50)[0]
    assert "too few" in warnings_of(NOTHING, sets_of(50, 4, unseen=False), 50)[0]
    assert "50 of 90 trained items" in warnings_of(NOTHING, sets_of(50, 4), 90)[0]
    assert warnings_of(Copying((), True, False, {}), sets_of(50, 4), 50)[0].startswith("memorising")
