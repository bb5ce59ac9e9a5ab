"""Which reals are compared with."""

import pytest
import torch

from multigan.core.errors import DataError
from multigan.engine.holdout import Split
from multigan.evaluation.sets import choose, rendered_fakes
from multigan.evaluation.subject import load_subject


class Parted:
    def __init__(self, trained, held_out):
        items = torch.arange(trained + held_out)
        self.split = Split(items[:trained], items[trained:], "")


def test_held_out_items_are_compared_with_where_they_suffice():
    chosen = choose(Parted(900, 100), 500, 64, 0)
    assert chosen.unseen
    assert chosen.reference.min() >= 900 > chosen.others.max()
    assert len(chosen.reference) == len(chosen.others) == 100


def test_else_halves_of_the_trained_items_that_share_none():
    chosen = choose(Parted(900, 100), 500, 256, 0)
    assert not chosen.unseen
    assert not set(chosen.reference.tolist()) & set(chosen.others.tolist())
    assert len(chosen.reference) == len(chosen.others) == 450
    assert (len(chosen.trained), len(chosen.held_out)) == (900, 100)


def test_too_few_items_are_an_error():
    with pytest.raises(DataError, match="64 or more"):
        choose(Parted(50, 5), 500, 2, 0)


def test_people_see_equally_many_of_each(ring):
    subject = load_subject(ring, "last")
    seen = rendered_fakes(subject, choose(subject, 150, 2, 0), 150, 0)
    assert (len(seen.fake), len(seen.real), len(seen.trained)) == (150, 150, 150)
