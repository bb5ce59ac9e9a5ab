import torch

from multigan.build import build_data
from multigan.plugins import modalities
from multigan.recipe.recipe import load_recipe
from multigan.report.neighbours import find_neighbours


def test_a_planted_copy_is_found_and_a_stranger_is_far():
    recipe = load_recipe("points/ring", ["data.n=600"])
    data = build_data(recipe)
    from multigan.build import build_split
    from multigan.core.draw import Draw

    item = build_split(recipe, data).train[:1]
    real = modalities.get("points").to_real(data.items.take(item, Draw(0)), data.spec)
    found = find_neighbours(torch.cat([real, real + 50]), recipe, data)
    assert found.searched == found.trained  # fewer than are looked at
    assert torch.equal(found.real[0], real[0])
    assert found.ratio[0] < 1e-4
    assert found.ratio[1] > 10
    assert found.held_out
