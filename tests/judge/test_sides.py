"""Which reals a judge looks at."""

import pytest
import torch

from multigan.judge.bar import FEWEST, MOST
from multigan.judge.sides import sides_of


@pytest.mark.parametrize(
    ("held_out", "trained", "counts", "unseen"),
    [
        (32, 368, (245, 62, 61), False),  # as of 400 pictures
        (100, 1900, (MOST, MOST, 900), False),
        (150, 2850, (150, 150, 2000), True),
        (2048, 40_000, (MOST, MOST, 2000), True),
        (0, 50, (33, 9, 8), False),
        (0, 0, (0, 0, 0), False),
    ],
)
def test_as_many_as_the_data_has_use_for_and_none_on_two_sides(held_out, trained, counts, unseen):
    items = torch.arange(held_out + trained)
    sides = sides_of(items[:held_out], items[held_out:], 0)
    assert tuple(len(one) for one in sides[:3]) == counts
    assert sides.unseen is unseen
    assert len(torch.cat(sides[:3]).unique()) == sum(counts)
    assert bool((sides.real < held_out).all()) is (unseen or not len(sides.real))


def test_one_seed_is_one_choice_and_fewer_are_the_first_of_more():
    items = torch.arange(1000)
    one, again, other = (sides_of(items[:0], items, seed).real for seed in (3, 3, 4))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert torch.equal(sides_of(items[:0], items, 3, FEWEST).real, one[:FEWEST])
