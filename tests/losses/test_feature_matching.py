import pytest
import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Critique
from multigan.losses.feature_matching import feature_matching


class D(nn.Module):
    def forward(self, x, cond=None, draw=None):
        return Critique((x.sum(1),), (x, 10 * x[:, :1]))


def test_value_and_gradient_follow_the_equation():
    real = torch.tensor([[1.0, 2.0], [3.0, 6.0]], dtype=torch.float64, requires_grad=True)
    fake = torch.tensor([[0.0, 5.0], [4.0, 4.5]], dtype=torch.float64, requires_grad=True)
    values = feature_matching(D(), real, fake, None, Draw(0))
    first = [(2 + 1) / 2, (2 + 0.5) / 2]
    second = [20, 20]
    expected = torch.tensor([(a + b) / 2 for a, b in zip(first, second, strict=True)], dtype=torch.float64)
    torch.testing.assert_close(values.detach(), expected)
    values.sum().backward()
    assert real.grad is None
    signs = torch.tensor([[-1.0, 1.0], [1.0, 1.0]], dtype=torch.float64)
    expected_grad = signs * torch.tensor([0.25 + 5, 0.25], dtype=torch.float64)
    torch.testing.assert_close(fake.grad, expected_grad)


def test_a_d_without_features_is_named():
    with pytest.raises(RecipeError, match="features"):
        feature_matching(lambda x, cond, draw: x.sum(1), torch.ones(2, 2), torch.ones(2, 2), None, Draw(0))


def test_pairs_are_compared_one_by_one():
    D = lambda x, cond, draw: Critique((x.sum(1),), (x, 2 * x))  # noqa: E731
    real, fake = torch.randn(4, 3), torch.randn(4, 3)
    found = feature_matching(D, real, fake, None, Draw(0), paired=True)
    torch.testing.assert_close(found, 1.5 * (real - fake).abs().mean(1))
    assert torch.equal(feature_matching(D, real, real, None, Draw(0), paired=True), torch.zeros(4))
