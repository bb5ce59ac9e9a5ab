import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.nets.minibatch_std import MinibatchStd


def by_hand(x, group):
    """Loops over the paper's sentence: standard deviation of each feature over the group, then the mean."""
    rows = []
    for first in range(0, len(x), group):
        part = x[first : first + group]
        deviations = [((column - column.mean()).square().mean() + 1e-8).sqrt() for column in part.flatten(1).unbind(1)]
        rows += [torch.stack(deviations).mean()] * len(part)
    return torch.stack(rows)


@pytest.mark.parametrize("batch", [1, 3, 4, 8, 10])
@pytest.mark.parametrize("size", [(), (5,), (2, 3)])
def test_the_map_is_the_spread_of_the_group(batch, size):
    x = torch.randn(batch, 3, *size, dtype=torch.float64)
    out = MinibatchStd(4)(x)
    assert out.shape == (batch, 4, *size)
    assert torch.equal(out[:, :3], x)
    expected = by_hand(x, 4).view(batch, *[1] * len(size)).expand(batch, *size)
    torch.testing.assert_close(out[:, 3], expected, rtol=1e-12, atol=1e-14)


def test_value_gradient_and_second_gradient():
    x = torch.randn(6, 2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(MinibatchStd(4), (x,))
    assert torch.autograd.gradgradcheck(MinibatchStd(4), (x,))


def test_equal_samples_have_a_finite_gradient():
    x = torch.ones(4, 2, 3, requires_grad=True)
    out = MinibatchStd(4)(x)
    assert out[:, 2].max() < 2e-4
    out.sum().backward()
    assert torch.isfinite(x.grad).all()


@pytest.mark.parametrize("processes", [2, 4])
def test_it_does_not_depend_on_the_number_of_processes(processes):
    x = torch.randn(16, 2, 3)
    layer = MinibatchStd(4)
    assert torch.equal(layer(x), torch.cat([layer(share) for share in x.chunk(processes)]))


def test_half_precision_is_measured_in_float32():
    """Differences below the resolution of bfloat16 sums must not vanish in its rounding."""
    x = (100 + torch.arange(4.0).view(4, 1, 1)).to(torch.bfloat16)
    assert MinibatchStd(4)(x)[0, 1, 0].float() == pytest.approx(1.118, rel=0.01)


def test_a_group_of_one_is_refused():
    with pytest.raises(RecipeError, match="minibatch_std = 1"):
        MinibatchStd(1)
