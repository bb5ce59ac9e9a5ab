import pytest
import torch

from multigan import losses
from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.losses.lecam import LeCam


def row_sum(scale):
    return lambda x, cond, draw: scale * x.sum(1)


def test_the_first_step_is_against_zero_and_the_next_against_the_averages():
    term, scale = LeCam(0.9).double(), torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    real, fake = torch.randn(4, 3, dtype=torch.float64), torch.randn(4, 3, dtype=torch.float64)
    r, f = 2 * real.sum(1), 2 * fake.sum(1)
    first = term(row_sum(scale), real, fake, None, Draw(0))
    torch.testing.assert_close(first.detach(), r**2 + f**2)
    term.settle()
    torch.testing.assert_close(term.anchors, torch.stack([r.mean(), f.mean()]))
    second = term(row_sum(scale), real, fake, None, Draw(0))
    torch.testing.assert_close(second.detach(), (r - f.mean()) ** 2 + (f - r.mean()) ** 2)
    (gradient,) = torch.autograd.grad(second.mean(), scale)
    expected = (2 * (r - f.mean()) * real.sum(1) + 2 * (f - r.mean()) * fake.sum(1)).mean()
    torch.testing.assert_close(gradient, expected)


def test_the_averages_are_exponential_and_corrected_for_their_start():
    term, noted = LeCam(0.9), []
    for k in range(5):
        x = torch.full((2, 1), float(k))
        term(row_sum(1.0), x, -x, None, Draw(0))
        term.settle()
        noted.append(k)
    weights = [0.9 ** (4 - k) for k in range(5)]
    expected = sum(w * k for w, k in zip(weights, noted, strict=True)) / sum(weights)
    torch.testing.assert_close(term.anchors, torch.tensor([expected, -expected]))


def test_micro_batches_settle_on_the_average_of_the_whole():
    whole, micro = LeCam(), LeCam()
    real, fake = torch.randn(8, 3), torch.randn(8, 3)
    whole(row_sum(1.0), real, fake, None, Draw(0))
    for rows in (slice(0, 4), slice(4, 8)):
        micro(row_sum(1.0), real[rows], fake[rows], None, Draw(0))
    whole.settle()
    micro.settle()
    torch.testing.assert_close(whole.averages, micro.averages)


def test_a_turn_without_the_term_leaves_its_state():
    term = LeCam()
    term(row_sum(1.0), torch.ones(2, 3), torch.zeros(2, 3), None, Draw(0))
    term.settle()
    before = term.averages.clone()
    term.settle()
    assert torch.equal(term.averages, before)
    assert set(term.state_dict()) == {"averages"}


def test_values_and_gradients_are_finite_at_logits_of_fifty():
    x = torch.full((2, 1), 50.0, dtype=torch.float64, requires_grad=True)
    scale = torch.ones((), dtype=torch.float64, requires_grad=True)
    values = losses.penalties.get("lecam")(0.99)(row_sum(scale), x, -x, None, Draw(0))
    (gradient,) = torch.autograd.grad(values.mean(), scale)
    torch.testing.assert_close(values.detach(), torch.full((2,), 5000.0, dtype=torch.float64))
    torch.testing.assert_close(gradient, torch.tensor(10_000.0, dtype=torch.float64))


def test_a_decay_of_one_is_refused():
    with pytest.raises(RecipeError, match="decay"):
        LeCam(1.0)


def test_half_precision_is_judged_in_float32():
    D = torch.nn.Linear(3, 1)
    with torch.autocast("cpu", torch.bfloat16):
        values = LeCam()(lambda x, cond, draw: D(x).squeeze(1), torch.randn(4, 3), torch.randn(4, 3), None, Draw(0))
    assert values.dtype == torch.float32
