import pytest
import torch

from multigan.plugins.image.features import random_conv_features


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (4, 50, 20)])
def test_any_picture_has_256_features_that_never_change(shape):
    x = torch.rand(3, *shape) * 2 - 1
    a = random_conv_features(x)
    assert a.shape == (3, 256)
    assert torch.isfinite(a).all()
    assert torch.equal(a, random_conv_features(x))
    torch.testing.assert_close(random_conv_features(x[:1]), a[:1])


def test_features_tell_noise_from_structure():
    flat, noise = torch.zeros(50, 1, 16, 16), torch.randn(50, 1, 16, 16).clamp(-1, 1)
    gap = (random_conv_features(flat).mean(0) - random_conv_features(noise).mean(0)).norm()
    within = (random_conv_features(noise[:25]).mean(0) - random_conv_features(noise[25:]).mean(0)).norm()
    assert gap > 10 * within
