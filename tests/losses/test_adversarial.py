"""Every loss against its docstring's equation, re-implemented in float64 numpy with the gradient written by hand."""

import jaxtyping
import numpy as np
import pytest
import torch

from multigan import losses
from multigan.core.errors import RecipeError, ShapeError

EXTREMES = np.array([-50.0, -20.0, -3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 20.0, 50.0])
REAL, FAKE = (grid.ravel() for grid in np.meshgrid(EXTREMES, EXTREMES))


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def average_d(r, f):
    return softplus(-(r - f.mean())) + softplus(f - r.mean())


def average_d_grad_real(r, f):
    return -sigmoid(-(r - f.mean())) - sigmoid(f - r.mean()).mean()


def average_d_grad_fake(r, f):
    return sigmoid(-(r - f.mean())).mean() + sigmoid(f - r.mean())


# name: d(r, f), dd/dr, dd/df (of the sum over samples), g(f, r), dg/df
ORACLES = {
    "minimax": (
        lambda r, f: softplus(-r) + softplus(f),
        lambda r, f: -sigmoid(-r),
        lambda r, f: sigmoid(f),
        lambda f, r: -softplus(f),
        lambda f, r: -sigmoid(f),
    ),
    "non-saturating": (
        lambda r, f: softplus(-r) + softplus(f),
        lambda r, f: -sigmoid(-r),
        lambda r, f: sigmoid(f),
        lambda f, r: softplus(-f),
        lambda f, r: -sigmoid(-f),
    ),
    "least-squares": (
        lambda r, f: 0.5 * ((r - 1) ** 2 + f**2),
        lambda r, f: r - 1,
        lambda r, f: f,
        lambda f, r: 0.5 * (f - 1) ** 2,
        lambda f, r: f - 1,
    ),
    "wasserstein": (
        lambda r, f: f - r,
        lambda r, f: -np.ones_like(r),
        lambda r, f: np.ones_like(f),
        lambda f, r: -f,
        lambda f, r: -np.ones_like(f),
    ),
    "hinge": (
        lambda r, f: np.maximum(0, 1 - r) + np.maximum(0, 1 + f),
        lambda r, f: -(r < 1).astype(float),
        lambda r, f: (f > -1).astype(float),
        lambda f, r: -f,
        lambda f, r: -np.ones_like(f),
    ),
    "relativistic": (
        lambda r, f: softplus(f - r),
        lambda r, f: -sigmoid(f - r),
        lambda r, f: sigmoid(f - r),
        lambda f, r: softplus(r - f),
        lambda f, r: -sigmoid(r - f),
    ),
    "relativistic-average": (
        average_d,
        average_d_grad_real,
        average_d_grad_fake,
        lambda f, r: average_d(f, r),
        lambda f, r: average_d_grad_real(f, r),
    ),
}


def leaves(dtype=torch.float64):
    return (torch.tensor(values, dtype=dtype, requires_grad=True) for values in (REAL, FAKE))


def test_every_loss_has_an_oracle():
    assert set(ORACLES) == set(losses.losses.names())


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("name", ORACLES)
def test_d_value_and_gradient(name, dtype):
    real, fake = leaves(dtype)
    values = losses.losses.get(name).d(real, fake)
    assert values.dtype == dtype
    assert values.shape == real.shape
    values.sum().backward()
    value, grad_real, grad_fake, _, _ = ORACLES[name]
    tight = {"rtol": 1e-12, "atol": 1e-13} if dtype == torch.float64 else {"rtol": 2e-5, "atol": 1e-6}
    np.testing.assert_allclose(values.detach().numpy(), value(REAL, FAKE), **tight)
    np.testing.assert_allclose(real.grad.numpy(), grad_real(REAL, FAKE), **tight)
    np.testing.assert_allclose(fake.grad.numpy(), grad_fake(REAL, FAKE), **tight)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("name", ORACLES)
def test_g_value_and_gradient(name, dtype):
    real, fake = leaves(dtype)
    values = losses.losses.get(name).g(fake, real)
    assert values.dtype == dtype
    values.sum().backward()
    _, _, _, value, grad = ORACLES[name]
    tight = {"rtol": 1e-12, "atol": 1e-13} if dtype == torch.float64 else {"rtol": 2e-5, "atol": 1e-6}
    np.testing.assert_allclose(values.detach().numpy(), value(FAKE, REAL), **tight)
    np.testing.assert_allclose(fake.grad.numpy(), grad(FAKE, REAL), **tight)


@pytest.mark.parametrize("name", ORACLES)
def test_needs_real_is_true_exactly_where_reals_matter(name):
    pair = losses.losses.get(name)
    fake, a, b = torch.randn(5), torch.randn(5), torch.randn(5)
    assert pair.needs_real == (not torch.equal(pair.g(fake, a), pair.g(fake, b)))


@pytest.mark.parametrize("name", ORACLES)
def test_patches_are_averaged_per_sample(name):
    pair = losses.losses.get(name)
    real, fake = torch.randn(4, 3, 2, dtype=torch.float64), torch.randn(4, 3, 2, dtype=torch.float64)
    each = torch.stack([pair.d(real[:, i, j], fake[:, i, j]) for i in range(3) for j in range(2)])
    torch.testing.assert_close(pair.d(real, fake), each.mean(0))


@pytest.mark.parametrize("name", ORACLES)
def test_mismatched_shapes_are_refused(name, monkeypatch):
    pair = losses.losses.get(name)
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # the tests' own shape checker would come first
    with pytest.raises(ShapeError, match=r"\(3, 1\).*\(3,\)"):
        pair.d(torch.zeros(3, 1), torch.zeros(3))
    if pair.needs_real:
        with pytest.raises(ShapeError, match=r"real_logits \(3,\) and fake_logits \(4,\)"):
            pair.g(torch.zeros(4), torch.zeros(3))


@pytest.mark.parametrize("name", ["minimax", "non-saturating"])
def test_smoothed_cross_entropy(name):
    real, fake = leaves()
    values = losses.losses.get(name).d(real, fake, smoothing=0.1)
    expected = 0.9 * softplus(-REAL) + 0.1 * softplus(REAL) + softplus(FAKE)
    np.testing.assert_allclose(values.detach().numpy(), expected, rtol=1e-12)


def test_smoothed_least_squares():
    real, fake = leaves()
    values = losses.losses.get("mse").d(real, fake, smoothing=0.1)
    np.testing.assert_allclose(values.detach().numpy(), 0.5 * ((REAL - 0.9) ** 2 + FAKE**2), rtol=1e-12)


@pytest.mark.parametrize("name", ["wasserstein", "hinge", "relativistic", "relativistic-average"])
def test_losses_without_labels_refuse_smoothing(name):
    with pytest.raises(RecipeError, match="no labels to smooth"):
        losses.losses.get(name).d(torch.zeros(2), torch.zeros(2), smoothing=0.1)


@pytest.mark.parametrize(("alias", "name"), losses.losses.aliases.items())
def test_the_tutorials_words_are_aliases(alias, name):
    assert losses.losses.get(alias).name == name
