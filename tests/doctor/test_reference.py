import pytest
import torch

from multigan.doctor.reference import make_reference


def test_items_of_the_two_sides_do_not_mix(tiny):
    t = tiny(n=400, holdout=60)
    reference = make_reference(t.batches, lambda x: x)
    assert not torch.isin(reference.items, t.batches.split.held_out).any()
    assert torch.isin(reference.unseen_items, t.batches.split.held_out).all()
    assert reference.trained.shape == (340, 2)
    assert reference.target.shape == (60, 2)


def test_the_floor_is_small_beside_the_trivial_distance(tiny):
    reference = make_reference(tiny(n=600, holdout=200).batches, lambda x: x)
    assert abs(reference.floor) < 0.02
    assert 0 <= reference.floor_deviation < 0.02
    assert reference.trivial > 0.2


def test_it_is_a_function_of_the_seed(tiny):
    a, b = (make_reference(tiny(n=400, holdout=60).batches, lambda x: x) for _ in range(2))
    assert torch.equal(a.items, b.items)
    assert (a.floor, a.trivial, a.kernel) == (b.floor, b.trivial, b.kernel)


@pytest.mark.parametrize("holdout", [0, 10])
def test_too_few_held_out_items_are_no_target(tiny, holdout):
    reference = make_reference(tiny(n=40, holdout=holdout).batches, lambda x: x)
    assert len(reference.unseen_items) == 0
    assert reference.target.shape[0] == 40 - holdout
    assert (reference.own_nearest > 0).all()


def test_items_that_are_all_the_same_are_known_as_such(tiny):
    t = tiny(n=400, holdout=60)
    assert not make_reference(t.batches, lambda x: x).same
    assert make_reference(t.batches, lambda x: 0 * x + 3 + 1e-7 * x).same
    assert make_reference(t.batches, lambda x: 0 * x).same
    assert not make_reference(t.batches, lambda x: x.round().clamp_max(1)).same
