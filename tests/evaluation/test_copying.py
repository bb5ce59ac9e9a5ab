"""The two tests of copying on sets whose truth is known."""

import pytest
import torch

from multigan.core.draw import Draw
from multigan.evaluation.copying import copying, unseen_ratio
from multigan.evaluation.sets import Chosen, Sets
from multigan.metrics.memorisation import nearest

DRAW = Draw(0)
TRAINED, HELD_OUT = DRAW.normal("trained", (900, 6)), DRAW.normal("held_out", (100, 6))
NONE = torch.zeros(0, dtype=torch.int64)


def sets_of(fake, held_out=HELD_OUT, trained=TRAINED):
    chosen = Chosen(NONE, NONE, NONE, NONE, True)
    blank = torch.full((500, fake.shape[1]), 9.0) + fake.new_tensor(range(500))[:, None] / 500
    return Sets(held_out, fake[:100], trained[:100], blank, trained, held_out, fake, chosen)


def test_fresh_samples_have_a_ratio_of_one():
    value, low, high = unseen_ratio(TRAINED, HELD_OUT, DRAW.normal("fresh", (4000, 6)))
    assert low < 1 < high
    assert value == pytest.approx(1, abs=0.2)


def test_copies_have_none_and_both_tests_say_so():
    fake = TRAINED[DRAW.integers("which", 0, 900, (1000,))] + 0.01 * DRAW.normal("noise", (1000, 6))
    assert unseen_ratio(TRAINED, HELD_OUT, fake)[2] < 0.2
    found = copying(sets_of(fake), "default", DRAW)
    assert (found.memorising, found.smooth) == (True, False)


def test_smooth_samples_lie_near_all_reals_and_are_no_copies():
    found = copying(sets_of(0.5 * DRAW.normal("smooth", (1000, 6))), "default", DRAW)
    assert found.scores[0].value < -3
    assert (found.memorising, found.smooth) == (False, True)


@pytest.mark.parametrize(("dim", "scale"), [(6, 0.1), (64, 0.1), (64, 0.3)])
def test_smears_near_a_few_reals_are_no_copies_however_few_are_held_out(dim, scale):
    """Of 32 held-out items none lies where all fakes are: that was called copying in three of four draws."""
    for seed in range(8):
        draw = Draw(seed)
        trained, held_out = draw.normal("trained", (900, dim)), draw.normal("held_out", (32, dim))
        smears = scale * draw.normal("smears", (2000, dim))
        sets = sets_of(smears, held_out, trained)
        found = copying(sets, "default", draw)
        assert (found.memorising, found.smooth) == (False, True)


@pytest.mark.parametrize("items", [8, 50, 900])
def test_copies_are_found_however_few_items_are_copied_and_held_out(items):
    for seed in range(8):
        draw = Draw(seed)
        trained, held_out = draw.normal("trained", (900, 64)), draw.normal("held_out", (32, 64))
        fake = trained[draw.integers("which", 0, items, (2000,))] + 0.3 * draw.normal("noise", (2000, 64))
        assert copying(sets_of(fake, held_out, trained), "default", draw).memorising


def test_equal_distances_count_for_held_out_items():
    assert unseen_ratio(TRAINED, TRAINED[:100], TRAINED[:100])[0] == pytest.approx(10.0)


def test_without_held_out_items_nothing_is_said():
    found = copying(sets_of(TRAINED, HELD_OUT[:3]), "default", DRAW)
    assert (found.scores, found.memorising) == ((), False)
    assert found.untold == "only 3 items are held out"
    assert copying(sets_of(TRAINED, HELD_OUT[:1]), "default", DRAW).untold == "only 1 item is held out"
    assert copying(sets_of(TRAINED, HELD_OUT[:0]), "default", DRAW).untold == "no items are held out"


def test_items_that_may_have_been_trained_on_clear_nobody_and_copies_are_found_even_so():
    fresh = copying(sets_of(DRAW.normal("fresh", (1000, 6))), "default", DRAW, "the data was changed")
    assert fresh.to_json() == {"told": False, "why_not": "the data was changed", "memorising": False}
    smooth = copying(sets_of(0.5 * DRAW.normal("smooth", (1000, 6))), "default", DRAW, "the data was changed")
    assert (smooth.smooth, smooth.untold) == (False, "the data was changed")
    copies = TRAINED[DRAW.integers("which", 0, 900, (1000,))]
    found = copying(sets_of(copies), "default", DRAW, "the data was changed")
    assert found.to_json() == {"told": True, "why_not": None, "memorising": True}


def test_distances_that_are_known_give_the_same_ratio():
    fakes = torch.cat([TRAINED[:50], HELD_OUT[:20], DRAW.normal("fresh", (200, 6))])
    known = nearest(fakes, TRAINED)
    assert unseen_ratio(TRAINED, HELD_OUT, fakes, known) == unseen_ratio(TRAINED, HELD_OUT, fakes)
