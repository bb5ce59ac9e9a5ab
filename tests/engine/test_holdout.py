import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.engine.holdout import split_items


@pytest.mark.parametrize(
    ("n", "holdout", "expected"),
    [
        (1797, "auto", 90),
        (200, "auto", 32),
        (160, "auto", 32),
        (159, "auto", 0),
        (8, "auto", 0),
        (100_000, "auto", 2048),
        (50, 0.2, 10),
        (50, 7, 7),
        (50, 0, 0),
    ],
)
def test_how_many_items_are_kept_out(n, holdout, expected):
    split = split_items(n, holdout, seed=0)
    assert len(split.held_out) == expected
    assert sorted([*split.train.tolist(), *split.held_out.tolist()]) == list(range(n))
    assert split.reason


def test_the_split_is_a_function_of_the_seed():
    a, b, c = (split_items(500, "auto", seed).held_out for seed in (3, 3, 4))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


def test_groups_stay_together():
    groups = torch.arange(300) % 100 * 7
    split = split_items(300, 30, 0, groups)
    assert not torch.isin(groups[split.held_out], groups[split.train]).any()
    assert 30 <= len(split.held_out) <= 33


def test_one_long_file_cannot_be_split():
    with pytest.raises(RecipeError, match=r"data\.holdout=0"):
        split_items(300, 30, 0, torch.zeros(300, dtype=torch.int64))


def test_a_few_large_groups_are_not_spared():
    assert len(split_items(300, "auto", 0, torch.arange(300) // 150).held_out) == 0
    assert len(split_items(300, "auto", 0, torch.zeros(300, dtype=torch.int64)).held_out) == 0


@pytest.mark.parametrize("holdout", [50, 51])
def test_something_must_be_left(holdout):
    with pytest.raises(RecipeError, match="left to train on"):
        split_items(50, holdout, 0)


def test_a_tiny_set_says_why_nothing_is_held_out():
    assert "cannot spare" in split_items(8, "auto", 0).reason


def test_what_cannot_be_judged_is_said_with_the_number():
    assert "evaluate cannot judge the run: it needs 64 items or more" in split_items(63, "auto", 0).reason
    assert "cannot judge" not in split_items(63, "auto", 0, paired=True).reason
    assert "needs 64 items" in split_items(63, 0, 0).reason
    for n in (64, 159):
        reason = split_items(n, "auto", 0).reason
        assert "(160 or more can)" in reason
        assert "evaluate" not in reason
    assert len(split_items(160, "auto", 0).held_out) == 32
    files = torch.arange(200) // 100
    assert "of so few files" in split_items(200, "auto", 0, files).reason


def test_what_is_the_same_as_a_held_out_item_is_held_out_too():
    plain = split_items(400, "auto", 3)
    assert torch.equal(split_items(400, "auto", 3, alike=torch.arange(400)).held_out, plain.held_out)
    alike = torch.arange(400)
    alike[plain.held_out[0]] = alike[plain.train[5]] = 1000
    split = split_items(400, "auto", 3, alike=alike)
    assert split.held_out.tolist() == sorted([*plain.held_out.tolist(), int(plain.train[5])])
    twice = torch.arange(400) % 200
    split = split_items(400, "auto", 3, alike=twice)
    assert not torch.isin(twice[split.held_out], twice[split.train]).any()
    assert len(plain.held_out) < len(split.held_out) <= 2 * len(plain.held_out)


def test_what_is_the_same_too_often_is_trained_on():
    plain = split_items(400, "auto", 3)
    alike = torch.arange(400)
    alike[100:] = 1000  # three quarters are one item
    split = split_items(400, "auto", 3, alike=alike)
    assert split.held_out.tolist() == [k for k in plain.held_out.tolist() if k < 100]
    for holdout, says in (("auto", "so often the same"), (30, "so often the same"), (0, "as data.holdout asks")):
        none = split_items(400, holdout, 3, alike=torch.zeros(400, dtype=torch.int64))
        assert len(none.held_out) == 0
        assert says in none.reason


def test_groups_that_are_the_same_stay_together_too():
    groups = torch.arange(400) // 2
    alike = groups % 100  # each file is there twice
    split = split_items(400, 40, 0, groups, alike)
    assert 40 < len(split.held_out) <= 80
    assert not torch.isin(alike[split.held_out], alike[split.train]).any()
