import pytest
import torch
from torch import nn

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.core.types import Critique
from multigan.losses.gradient_penalties import input_gradient

GRADIENT_PENALTIES = ["dragan", "gradient-penalty", "r1", "r2"]
W = torch.tensor([3.0, -4.0, 12.0], dtype=torch.float64)  # norm 13


class Linear(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(W.clone())
        self.b = nn.Parameter(torch.zeros(()))

    def forward(self, x, cond=None, draw=None):
        return x.to(self.w.dtype) @ self.w + self.b


def call(name, D, n=5, **options):
    real, fake = torch.randn(n, 3, dtype=torch.float64), torch.randn(n, 3, dtype=torch.float64)
    return losses.penalties.get(name)(D, real, fake, None, Draw(0), **options)


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("r1", {}, 0.5 * 169),
        ("r2", {}, 0.5 * 169),
        ("gradient-penalty", {}, (13 - 1) ** 2),
        ("gp", {"centre": 0.0}, 169),
        ("dragan", {}, (13 - 1) ** 2),
        ("dragan", {"centre": 2.0}, (13 - 2) ** 2),
    ],
)
def test_a_linear_critic_has_the_penalty_of_its_norm_at_any_batch_size(name, options, expected, n):
    values = call(name, Linear(), n, **options)
    torch.testing.assert_close(values, torch.full((n,), float(expected), dtype=torch.float64), rtol=1e-9, atol=0)


@pytest.mark.parametrize("name", GRADIENT_PENALTIES)
def test_the_gradient_in_the_weights_is_that_of_the_equation(name):
    D = Linear()
    call(name, D).mean().backward()
    off_centre = 2 * (13 - 1) * W / 13
    expected = {"r1": W, "r2": W, "gradient-penalty": off_centre, "dragan": off_centre}[name]
    torch.testing.assert_close(D.w.grad, expected, rtol=1e-9, atol=0)
    assert D.b.grad is None  # a last-layer bias has no part in an input gradient


@pytest.mark.parametrize("name", GRADIENT_PENALTIES)
def test_gradgrad_of_a_curved_critic(name):
    weight = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    real, fake = torch.randn(2, 3, dtype=torch.float64), torch.randn(2, 3, dtype=torch.float64)

    def penalty(w):
        D = lambda x, cond, draw: torch.tanh(x @ w).square().sum(1) + (x @ w).sum(1)  # noqa: E731
        return losses.penalties.get(name)(D, real, fake, None, Draw(0))

    assert torch.autograd.gradcheck(penalty, (weight,))


class Cubic(nn.Module):
    """D(x) = sum x³ / 3, so that the gradient is x² and every sample has its own penalty."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones((), dtype=torch.float64))

    def forward(self, x, cond=None, draw=None):
        return self.scale * x.pow(3).sum(1) / 3


def test_penalties_are_per_sample_and_at_the_right_points():
    real, fake = torch.randn(6, 3, dtype=torch.float64), torch.randn(6, 3, dtype=torch.float64)
    D = Cubic()
    r1, r2 = (losses.penalties.get(name)(D, real, fake, None, Draw(0)) for name in ("r1", "r2"))
    torch.testing.assert_close(r1.detach(), 0.5 * real.pow(4).sum(1))
    torch.testing.assert_close(r2.detach(), 0.5 * fake.pow(4).sum(1))
    epsilon = Draw(0).uniform("epsilon", (6,)).double()[:, None]
    mixed = epsilon * real + (1 - epsilon) * fake
    gp = losses.penalties.get("gp")(D, real, fake, None, Draw(0))
    torch.testing.assert_close(gp.detach(), (mixed.pow(4).sum(1).sqrt() - 1) ** 2, rtol=1e-6, atol=1e-9)
    assert len(epsilon.unique()) == 6


def test_a_flat_critic_has_a_finite_gradient():
    D = Linear()
    with torch.no_grad():
        D.w.zero_()
    call("gp", D).mean().backward()
    assert torch.isfinite(D.w.grad).all()


def test_heads_add_up_and_patches_average():
    class Heads(Linear):
        def forward(self, x, cond=None, draw=None):
            one = super().forward(x)
            return Critique((one, torch.stack([one, 3 * one], 1)))

    gradient = input_gradient(Heads(), torch.randn(4, 3, dtype=torch.float64), None, Draw(0))
    torch.testing.assert_close(gradient, (1 + 2) * W.expand(4, 3))


def test_half_precision_inputs_are_penalised_in_float32():
    gradient = input_gradient(Linear(), torch.randn(4, 3, dtype=torch.bfloat16), None, Draw(0))
    assert gradient.dtype == torch.float32


def test_no_gradient_reaches_the_inputs():
    real = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    losses.penalties.get("r1")(Linear(), real, real, None, Draw(0)).sum().backward()
    assert real.grad is None


def test_a_lost_graph_is_an_error_and_not_a_silent_nothing():
    class Lost(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, w):
            ctx.save_for_backward(w)
            return x @ w

        @staticmethod
        @torch.autograd.function.once_differentiable
        def backward(ctx, grad):
            (w,) = ctx.saved_tensors
            return grad[:, None] * w.detach(), None

    class Compiled(Linear):
        def forward(self, x, cond=None, draw=None):
            return Lost.apply(x, self.w.detach())

    with pytest.raises(ShapeError, match="no graph"):
        call("r1", Compiled())


def test_dragan_looks_around_the_reals_only():
    real, fake = torch.randn(6, 3, dtype=torch.float64), torch.full((6, 3), torch.nan, dtype=torch.float64)
    value = losses.penalties.get("dragan")(Cubic(), real, fake, None, Draw(0), deviation=0.3)
    moved = real + 0.3 * Draw(0).normal("delta", (6, 3)).double()
    torch.testing.assert_close(value.detach(), (moved.pow(4).sum(1).sqrt() - 1) ** 2, rtol=1e-6, atol=1e-9)


def gradients(D, asked, name):
    D.zero_grad()
    torch.manual_seed(4)
    call(name, asked).mean().backward()
    return [p.grad for p in D.parameters() if p.grad is not None]


class Curved(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(2)
        self.net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)).double()

    def forward(self, x, cond=None, draw=None):
        return self.net(x.double()).squeeze(1)


@pytest.mark.parametrize("name", ["r1", "r2", "gradient-penalty"])
def test_a_compiled_critic_has_the_gradients_of_the_eager_one(name):
    D = Curved()
    expected = [grad.clone() for grad in gradients(D, D, name)]
    assert len(expected) >= 3
    found = gradients(D, torch.compile(D, backend="aot_eager"), name)
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


@pytest.mark.slow
def test_a_critic_that_is_compiled_in_place_fails_aloud():
    """torch refuses the second derivative through a compiled graph; once it does not, compare them."""
    D = Curved()
    D.compile(backend="aot_eager")
    with pytest.raises(RuntimeError, match="double backward"):
        gradients(D, D, "r1")
