import torch

from multigan.core.draw import Draw
from multigan.plugins.image.blur import RADIUS, Mixture, blurred, kernels, sincs

EVERY = Mixture(0.5, 2.0, 0.5, 0.25, 0.25, 0.2)


def test_kernels_sum_to_one_and_are_as_wide_as_asked():
    assert torch.allclose(kernels(200, EVERY, Draw(0)).sum((1, 2)), torch.ones(200))
    assert torch.allclose(sincs(50, Draw(0)).sum((1, 2)), torch.ones(50))
    plain = kernels(200, Mixture(0.8, 1.6), Draw(0)).double()
    places = torch.arange(-RADIUS, RADIUS + 1).double()
    deviations = (plain.sum(1) * places.square()).sum(1).sqrt()
    assert 0.79 < deviations.min() < 0.85
    assert 1.5 < deviations.max() < 1.61
    torch.testing.assert_close(plain, plain.transpose(1, 2))  # round
    oblong = kernels(9, Mixture(0.5, 3.0, 1.0), Draw(0))
    assert not torch.allclose(oblong, oblong.transpose(1, 2))


def test_sincs_keep_what_is_slow_and_lose_what_is_fast():
    waves = torch.cos(torch.pi * torch.arange(64.0)).expand(8, 1, 64, 64)
    slow = torch.cos(0.2 * torch.arange(64.0)).expand(8, 1, 64, 64)
    kept = [blurred(x, sincs(8, Draw(0)))[:, :, 20:44, 20:44].square().mean() for x in (waves, slow)]
    assert kept[0] < 0.1
    assert kept[1] > 0.4
