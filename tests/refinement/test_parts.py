"""Held-out reals in three parts."""

import pytest
import torch

from multigan.core.errors import DataError
from multigan.engine.holdout import split_items
from multigan.refinement.parts import FEWEST, parts_of


def test_the_parts_are_disjoint_and_all_of_it():
    held_out = torch.arange(1000, 1203)
    parts = parts_of(held_out, seed=4)
    assert parts.sizes() == {"stop": 50, "calibrate": 50, "judge": 103}
    assert torch.equal(torch.cat(list(parts)).sort().values, held_out)


def test_they_are_those_of_the_runs_seed():
    held_out = torch.arange(200)
    first, again, other = (parts_of(held_out, seed) for seed in (0, 0, 1))
    assert torch.equal(first.judge, again.judge)
    assert not torch.equal(first.judge, other.judge)


def test_those_to_learn_from_are_taken_from_what_makes_it_and_not_from_the_judges():
    held_out = torch.arange(1000, 1500)
    plain, learning = parts_of(held_out, 3), parts_of(held_out, 3, learn=True)
    assert learning.sizes() == {"stop": 50, "calibrate": 50, "judge": 250, "learn": 150}
    assert torch.equal(plain.judge, learning.judge)
    assert torch.equal(torch.cat(list(learning)).sort().values, held_out)
    with pytest.raises(DataError, match="320 or more, to learn from as well"):
        parts_of(held_out[:319], 3, learn=True)


def test_too_few_are_refused_with_what_to_type():
    with pytest.raises(DataError, match=r"data\.holdout"):
        parts_of(torch.arange(FEWEST - 1), 0)


@pytest.mark.parametrize(
    ("items", "learn", "fix"),
    [
        (140, False, "train again with --set data.holdout=70"),
        (5000, False, "train again with --set data.holdout=200"),
        (127, False, "half of 127 items is too few: collect 1 more item, and train with --set data.holdout=64"),
        (40, False, "half of 40 items is too few: collect 88 more items, and train with --set data.holdout=64"),
        (700, True, "train again with --set data.holdout=350; or type --reals trained"),
        (5000, True, "train again with --set data.holdout=1000; or type --reals trained"),
        (500, True, "collect 140 more items, and train with --set data.holdout=320; or type --reals trained"),
    ],
)
def test_what_is_advised_can_be_spared(items, learn, fix):
    held_out = torch.arange(FEWEST if learn else 0)
    with pytest.raises(DataError) as refused:
        parts_of(held_out, 0, learn=learn, items=items)
    assert refused.value.fix.endswith(fix)


@pytest.mark.parametrize(("items", "learn"), [(140, False), (128, False), (700, True)])
def test_what_is_advised_is_enough(items, learn):
    with pytest.raises(DataError) as refused:
        parts_of(torch.arange(FEWEST if learn else 0), 0, learn=learn, items=items)
    number = int(refused.value.fix.split(";")[0].rpartition("=")[2])
    split = split_items(items, number, seed=0)
    parts_of(split.held_out, 0, learn=learn, items=items)
    assert len(split.train) >= len(split.held_out)
