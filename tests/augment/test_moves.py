import pytest
import torch

from multigan.augment.moves import shift, span

X = torch.tensor([[[1.0, 2.0, 3.0, 4.0]], [[5.0, 6.0, 7.0, 8.0]], [[9.0, 1.0, 2.0, 3.0]]])


@pytest.mark.parametrize("wrap", [False, True])
def test_every_sample_moves_by_its_own_steps(wrap):
    moved = shift(X, torch.tensor([1, -2, 0]), 2, wrap=wrap)
    first, second = ([4.0], [5.0, 6.0]) if wrap else ([0.0], [0.0, 0.0])
    assert moved.tolist() == [[[*first, 1.0, 2.0, 3.0]], [[7.0, 8.0, *second]], [[9.0, 1.0, 2.0, 3.0]]]


def test_any_axis():
    x = torch.randn(2, 5, 3)
    moved = shift(x, torch.tensor([2, 2]), 1)
    assert torch.equal(moved[:, 2:], x[:, :3])
    assert not moved[:, :2].any()


def test_moves_have_first_and_second_derivatives():
    x = torch.randn(2, 3, 4, dtype=torch.float64, requires_grad=True)
    steps = torch.tensor([1, -1])
    assert torch.autograd.gradcheck(lambda x: shift(x, steps, 2), (x,))
    assert torch.autograd.gradgradcheck(lambda x: shift(x, steps, 2).pow(3), (x,))


def test_spans_may_leave_the_axis():
    inside = span(torch.tensor([-1, 1, 3]), 2, 4)
    assert inside.tolist() == [[True, False, False, False], [False, True, True, False], [False, False, False, True]]
