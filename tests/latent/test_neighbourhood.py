import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.generator.generator import load
from multigan.latent.neighbourhood import around_item, between_items, moved


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


def test_the_way_between_items_begins_and_ends_at_them(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    items = generator.tensors(3, 9)
    way = between_items(generator, items, steps=4, how="lerp")
    assert way.shape == (9, 2)
    assert torch.allclose(way[[0, 4, 8]], items, atol=0.05)
    middle = (way[1:] - way[:-1]).norm(dim=1).max()
    assert middle < (items[1] - items[0]).norm() + (items[2] - items[1]).norm()


def test_one_item_is_no_way(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    with pytest.raises(DataError, match="1 file and 8 steps"):
        between_items(generator, torch.zeros(1, 2))
