import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.generator.generator import load
from multigan.latent.neighbourhood import around_item, moved


def test_variations_of_an_item_begin_with_the_generators_version_of_it(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    item = generator.tensors(1, 9)[0]
    near, far = (around_item(generator, item, amount, 16) for amount in (0.05, 1.0))
    assert near.shape == (16, 2)
    assert torch.allclose(near[0], item, atol=0.05)
    spread = [(x[1:] - x[0]).norm(dim=1).mean() for x in (near, far)]
    assert spread[0] < 0.5 * spread[1]


def test_uniform_latents_stay_in_their_box(tiny_runs):
    generator = load(tiny_runs("audio/drums"))
    seen = []
    hook = generator.net.register_forward_pre_hook(lambda module, given: seen.append(given[0].abs().max()))
    around_item(generator, generator.tensors(1, 9)[0], 0.5, 2)
    hook.remove()
    assert max(seen) <= 1


def test_moving_is_adding(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    z = generator.net.latent.sample(1, Draw(0))
    vector = torch.tensor([0.6, 0.8])
    rows = moved(generator, z, None, vector, [0.0, 2.0])
    assert torch.allclose(rows, generator.net(torch.cat([z, z + 2 * vector])), atol=1e-6)


def test_wrong_amounts_are_refused(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    with pytest.raises(DataError, match="amount"):
        around_item(generator, torch.zeros(2), -0.1)
