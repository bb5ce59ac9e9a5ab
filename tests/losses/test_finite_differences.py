import pytest
import torch
from torch import nn

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Critique
from multigan.losses.finite_differences import total_logits
from multigan.nets.spectral import normalise_spectrum

W = torch.tensor([3.0, -4.0, 12.0], dtype=torch.float64)  # norm 13
MANY = 200_000


class Linear(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(W.clone())

    def forward(self, x, cond=None, draw=None):
        return x.to(self.w.dtype) @ self.w


def sides(n, name):
    """The side that is looked at, and nothing where the other would be."""
    x, other = torch.randn(n, 3, dtype=torch.float64), torch.full((n, 3), torch.nan, dtype=torch.float64)
    return (x, other) if name == "r1-fd" else (other, x)


@pytest.mark.parametrize("sigma", [1e-3, 0.01, 1.0])
@pytest.mark.parametrize("name", ["r1-fd", "r2-fd"])
def test_a_linear_critic_has_half_its_squared_norm_in_expectation_at_any_step(name, sigma):
    """The value is |w|^2 / 2 times a chi-squared of one degree: its mean over n has a deviation of sqrt(2 / n)."""
    values = losses.penalties.get(name)(Linear(), *sides(MANY, name), None, Draw(0), sigma=sigma)
    assert values.shape == (MANY,)
    assert abs(values.mean().item() / (0.5 * 169) - 1) < 4 * (2 / MANY) ** 0.5
    assert abs(values.std().item() / (0.5 * 169) - 2**0.5) < 0.05


@pytest.mark.parametrize("name", ["r1-fd", "r2-fd"])
def test_value_and_gradient_are_those_of_the_equation(name):
    D, (real, fake) = Linear(), sides(7, name)
    values = losses.penalties.get(name)(D, real, fake, None, Draw(0), sigma=0.1)
    epsilon = Draw(0).normal("epsilon", (7, 3)).double()
    slope = epsilon @ W
    torch.testing.assert_close(values.detach(), slope.square() / 2, rtol=1e-9, atol=1e-9)
    values.mean().backward()
    torch.testing.assert_close(D.w.grad, (slope[:, None] * epsilon).mean(0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["r1", "r2"])
def test_it_approaches_the_exact_penalty_of_a_curved_critic(name):
    """Same point for all samples, so that the mean over steps is an expectation; the bias falls with sigma squared."""
    weight = torch.randn(3, 4, dtype=torch.float64)
    D = lambda x, cond, draw: torch.tanh(x @ weight).square().sum(1) + (x @ weight).sum(1)  # noqa: E731
    x = torch.randn(1, 3, dtype=torch.float64)
    exact = losses.penalties.get(name)(D, x, x, None, Draw(0)).item()
    many = x.expand(MANY, 3)
    near = losses.penalties.get(f"{name}-fd")(D, many, many, None, Draw(0), sigma=1e-3).mean().item()
    far = losses.penalties.get(f"{name}-fd")(D, many, many, None, Draw(0), sigma=0.5).mean().item()
    assert abs(near / exact - 1) < 4 * (2 / MANY) ** 0.5
    assert abs(near - exact) < abs(far - exact)


def test_gradcheck_of_a_curved_critic():
    weight = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    real = torch.randn(2, 3, dtype=torch.float64)

    def penalty(w):
        D = lambda x, cond, draw: torch.tanh(x @ w).square().sum(1)  # noqa: E731
        return losses.penalties.get("r1-fd")(D, real, real, None, Draw(0), sigma=0.1)

    assert torch.autograd.gradcheck(penalty, (weight,))


def test_randomness_inside_d_is_the_same_in_both_calls():
    noisy = lambda x, cond, draw: x.sum(1) + 100 * draw.normal("noise", (len(x),)).double()  # noqa: E731
    x = torch.randn(5, 3, dtype=torch.float64)
    values = losses.penalties.get("r1-fd")(noisy, x, x, None, Draw(0))
    slope = Draw(0).normal("epsilon", (5, 3)).double().sum(1)
    torch.testing.assert_close(values, slope.square() / 2, rtol=1e-6, atol=1e-9)


def test_heads_add_up_and_patches_average():
    heads = lambda x, cond, draw: Critique((x.sum(1), torch.stack([x.sum(1), 3 * x.sum(1)], 1)))  # noqa: E731
    x = torch.randn(4, 3)
    torch.testing.assert_close(total_logits(heads, x, None, Draw(0)), 3 * x.sum(1))


def test_a_step_of_zero_is_refused():
    with pytest.raises(RecipeError, match="sigma = 0"):
        losses.penalties.get("r1-fd")(Linear(), *sides(2, "r1-fd"), None, Draw(0), sigma=0.0)


def test_a_spectral_norm_does_not_step_between_the_two_calls():
    """A critic that ignores its input has a slope of exactly 0, however far its power iteration still has to go."""

    class Flat(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(nn.Linear(3, 8), nn.Linear(8, 1))

        def forward(self, x, cond=None, draw=None):
            return 50 * self.body(torch.ones_like(x)).squeeze(1)

    D = normalise_spectrum(Flat())
    with torch.no_grad():
        for p in D.parameters():
            p.copy_(torch.randn_like(p))  # an update that the vectors of the norm have not seen
    x = torch.randn(4, 3)
    assert torch.equal(losses.penalties.get("r1-fd")(D, x, x, None, Draw(0)), torch.zeros(4))
    assert not torch.equal(D(x), D(x))


def test_half_precision_is_judged_in_float32():
    D, x = nn.Linear(3, 1), torch.randn(4, 3)
    with torch.autocast("cpu", torch.bfloat16):
        values = losses.penalties.get("r1-fd")(lambda x, cond, draw: D(x).squeeze(1), x, x, None, Draw(0))
    assert values.dtype == torch.float32
