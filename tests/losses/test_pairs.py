import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.losses import matching
from multigan.losses.pairs import Features, multi_scale
from multigan.plugins import modalities


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_multi_scale_against_a_plain_pyramid():
    real, fake = noise(2, 1, 4, 4), noise(2, 1, 4, 4).flip(0)
    gap = real - fake
    halved = gap.view(2, 1, 2, 2, 2, 2).mean((3, 5))
    expected = (gap.abs().mean((1, 2, 3)) + halved.abs().mean((1, 2, 3)) + gap.mean((1, 2, 3)).abs()) / 3
    assert torch.allclose(multi_scale(None, real, fake, None, Draw(0)), expected)


@pytest.mark.parametrize("shape", [(2,), (1, 7), (3, 5, 9)])
def test_multi_scale_takes_any_shape_and_each_sample_alone(shape):
    real, fake = noise(3, *shape), noise(3, *shape).flip(0)
    whole = multi_scale(None, real, fake, None, Draw(0))
    assert whole.shape == (3,)
    assert torch.allclose(whole[1:2], multi_scale(None, real[1:2], fake[1:2], None, Draw(0)))
    assert torch.equal(multi_scale(None, real, real, None, Draw(0)), torch.zeros(3, dtype=torch.float64))


def test_one_scale_is_the_mean_absolute_difference():
    real, fake = noise(2, 3, 8, 8), noise(2, 3, 8, 8).flip(0)
    expected = (real - fake).abs().mean((1, 2, 3))
    assert torch.allclose(multi_scale(None, real, fake, None, Draw(0), scales=1), expected)


@pytest.mark.parametrize(
    ("name", "shape", "meta"), [("image", (1, 16, 16), {}), ("audio", (1, 2048), {"sample_rate_hz": 8000})]
)
def test_features_carry_a_gradient_to_the_fake_alone(name, shape, meta):
    term = Features.build(modalities.get(name), Spec(name, shape, (), meta))
    real, fake = (noise(2, *shape).float().clamp(-1, 1).requires_grad_() for _ in range(2))
    fake = (fake.detach() * 0.5).requires_grad_()
    values = term(None, real, fake, None, Draw(0))
    values.sum().backward()
    assert values.shape == (2,)
    assert (values > 0).all()
    assert fake.grad.abs().sum() > 0
    assert real.grad is None


def test_they_are_found_by_the_names_that_recipes_use():
    assert matching.get("multi-scale") is multi_scale
    assert matching.get("features") is Features
