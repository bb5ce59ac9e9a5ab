import pytest
import torch
import torch.nn.functional as F

from multigan.plugins.text.drawing import bar_of, inverse_cdf, relaxed


def test_a_bar_is_minus_infinity_where_asked():
    bar = bar_of((1, 3), torch.zeros(5, dtype=torch.float64))
    assert bar.dtype == torch.float64
    assert bar.tolist() == [0, -torch.inf, 0, -torch.inf, 0]


def test_the_token_is_the_one_whose_share_holds_u():
    shares = torch.tensor([[0.25, 0.0, 0.5, 0.25]]).expand(5, 4)
    u = torch.tensor([0.0, 0.2499, 0.25, 0.7499, 0.99999])
    assert inverse_cdf(shares, u).tolist() == [0, 0, 2, 2, 3]


@pytest.mark.parametrize("straight_through", [False, True])
def test_a_relaxed_token_has_the_gradient_of_the_soft_one(straight_through):
    noisy = torch.randn(3, 7, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(3, 7, dtype=torch.float64)
    token = noisy.argmax(1)
    out = relaxed(noisy, token, 2.0, straight_through=straight_through)
    soft = F.softmax(2.0 * noisy, 1)
    torch.testing.assert_close(out, F.one_hot(token, 7).double() if straight_through else soft)
    (mine,) = torch.autograd.grad((out * weights).sum(), noisy)
    (wanted,) = torch.autograd.grad((soft * weights).sum(), noisy)
    torch.testing.assert_close(mine, wanted)
