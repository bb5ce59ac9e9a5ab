import pytest
import torch
from torch import nn

from multigan import Adapter
from multigan.core.draw import Draw
from multigan.core.types import Critique, Spec
from multigan.losses.consistency import Consistency
from multigan.nets.spectral import normalise_spectrum

HALVE = {"halve": lambda x, draw: x / 2}


@pytest.mark.parametrize("both", [False, True])
def test_value_and_gradient_are_those_of_the_equation(both):
    w = torch.tensor([3.0, -4.0, 12.0], dtype=torch.float64, requires_grad=True)
    real, fake = torch.randn(5, 3, dtype=torch.float64), torch.randn(5, 3, dtype=torch.float64)
    values = Consistency(HALVE, both)(lambda x, cond, draw: x @ w, real, fake, None, Draw(0))
    sides = [real, fake] if both else [real]
    torch.testing.assert_close(values, sum((x @ w / 2).square() for x in sides))
    (gradient,) = torch.autograd.grad(values.mean(), w)
    torch.testing.assert_close(gradient, sum(((x @ w)[:, None] * x / 2).mean(0) for x in sides))


def test_without_an_augmentation_it_is_zero_even_for_a_noisy_d():
    noisy = lambda x, cond, draw: x.sum(1) + draw.normal("dropout", (len(x),))  # noqa: E731
    x = torch.randn(4, 3)
    assert not Consistency({"none": lambda x, draw: x}, both=True)(noisy, x, x, None, Draw(0)).any()


def test_augmentations_are_chained_and_drawn():
    policy = {"noise": lambda x, draw: x + draw.normal("n", tuple(x.shape)), "double": lambda x, draw: 2 * x}
    x = torch.randn(4, 1)
    value = Consistency(policy)(lambda x, cond, draw: x[:, 0], x, x, None, Draw(0))
    noise = Draw(0).child("real").child("noise").normal("n", (4, 1))
    torch.testing.assert_close(value, (x - 2 * (x + noise)).square()[:, 0])


def test_heads_add_up_and_patches_average():
    heads = lambda x, cond, draw: Critique((x.sum(1), torch.stack([x.sum(1), 2 * x.sum(1)], 1)))  # noqa: E731
    x = torch.ones(2, 2)
    value = Consistency(HALVE)(heads, x, x, None, Draw(0))
    torch.testing.assert_close(value, torch.full((2,), 1.0 + (1.0 + 4.0) / 2))


def test_it_takes_the_modalitys_augmentations():
    class Plugin(Adapter):
        name = "mine"
        augmentations = HALVE
        augmentation_policy = ("halve",)

    assert Consistency.build(Plugin(), Spec("mine", (3,)), both=True).both


def test_a_spectral_norm_does_not_step_between_the_two_calls():
    """A critic that ignores its input says the same of everything, however far its power iteration still has to go."""

    class Flat(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 1))

        def forward(self, x, cond=None, draw=None):
            return 50 * self.body(torch.ones_like(x)).squeeze(1)

    D = normalise_spectrum(Flat())
    with torch.no_grad():
        for p in D.parameters():
            p.copy_(torch.randn_like(p))  # an update that the vectors of the norm have not seen
    x = torch.randn(4, 2)
    assert torch.equal(Consistency(HALVE, both=True)(D, x, x, None, Draw(0)), torch.zeros(4))


def test_half_precision_is_judged_in_float32():
    D = nn.Linear(3, 1)
    x = torch.randn(4, 3)
    with torch.autocast("cpu", torch.bfloat16):
        values = Consistency(HALVE)(lambda x, cond, draw: D(x).squeeze(1), x, x, None, Draw(0))
    assert values.dtype == torch.float32
