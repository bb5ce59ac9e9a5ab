"""Which reals are compared with."""

import pytest
import torch

from multigan.core.errors import DataError
from multigan.engine.holdout import Split
from multigan.evaluation.sets import choose, fakes_for, look, rendered_fakes
from multigan.evaluation.stages import Stages
from multigan.evaluation.subject import load_subject


class Parted:
    def __init__(self, trained, held_out, other_data=False):
        self.other_data = other_data
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


def test_of_other_data_all_items_are_unseen_and_halves_share_none():
    chosen = choose(Parted(900, 100, other_data=True), 500, 256, 0)
    assert (chosen.unseen, chosen.what, chosen.beside) == (True, "unseen", "other unseen reals")
    assert not set(chosen.reference.tolist()) & set(chosen.others.tolist())
    assert len(chosen.reference) == len(chosen.others) == 500
    assert len(chosen.held_out) == 0


def test_too_few_items_are_an_error():
    with pytest.raises(DataError, match="64 or more"):
        choose(Parted(50, 5), 500, 2, 0)


def test_people_see_equally_many_of_each(ring):
    subject = load_subject(ring, "last")
    seen = rendered_fakes(subject, choose(subject, 150, 2, 0), 150, 0)
    assert (len(seen.fake), len(seen.real), len(seen.trained)) == (150, 150, 150)


class Seen:
    """An extractor that notes what it looks at."""

    name, sha256, dim = "seen", "0" * 64, 2

    def __init__(self):
        self.rows = 0

    def __call__(self, x):
        self.rows += len(x)
        return x


@pytest.mark.parametrize("dim", [2, 10_000])
def test_no_item_is_looked_at_twice_and_features_are_those_of_the_chosen(ring, dim):
    subject, seen = load_subject(ring, "last"), Seen()
    chosen = choose(subject, 200, dim, 0)
    assert chosen.unseen == (dim == 2)
    sets = look(subject, seen, chosen, 200, 0, None, Stages())
    assert seen.rows == len(chosen.trained) + len(chosen.held_out) + 200 + len(sets.untrained)
    for found, items in ((sets.real, chosen.reference), (sets.floor, chosen.others), (sets.held_out, chosen.held_out)):
        assert torch.equal(found, torch.cat(list(subject.reals(items))))


def test_kept_features_are_those_of_the_items(ring, tmp_path):
    subject = load_subject(ring, "last")
    chosen = choose(subject, 200, 2, 0)
    first, again = Seen(), Seen()
    one, other = (look(subject, seen, chosen, 200, 0, tmp_path, Stages()) for seen in (first, again))
    assert again.rows == 0 < first.rows
    assert torch.equal(one.trained, other.trained)
    others = choose(subject, 200, 2, 1)
    assert torch.equal(
        look(subject, again, others, 200, 0, tmp_path, Stages()).real, torch.cat(list(subject.reals(others.reference)))
    )


def test_fakes_are_drawn_once_for_all_who_look_at_them(ring):
    subject = load_subject(ring, "last")
    chosen = choose(subject, 150, 2, 0)
    look(subject, Seen(), chosen, 150, 0, None, Stages())
    drawn = next(iter(subject.drawn.values()))
    drawn.generator = None  # nobody asks it again
    assert len(rendered_fakes(subject, chosen, 150, 0).fake) == 150


def test_how_many_fakes_are_drawn_depends_on_the_data():
    assert [fakes_for(items) for items in (100, 500, 1797, 2500, 60_000)] == [2000, 2000, 7188, 10_000, 10_000]
