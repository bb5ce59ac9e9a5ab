import pytest
import torch

from multigan.build import build_data, build_nets
from multigan.core.errors import DataError, UnknownNameError
from multigan.generator.generator import Generator, load, make_config
from multigan.latent.blend import Place, slerp
from multigan.latent.walk import around, between, render_rows
from multigan.recipe.recipe import load_recipe

RECIPES = ["points/ring", "image/digits", "text/surnames", "audio/drums"]


def own_class(generator):
    """Walks are of one class, the first where none is named."""
    return generator.spec.classes[0] if generator.conditional else None


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("how", ["slerp", "lerp"])
def test_a_walk_passes_through_the_samples_of_its_seeds(tiny_runs, recipe, how):
    generator = load(tiny_runs(recipe))
    walk = between(generator, [Place(4), Place(5, 2), Place(9)], 3, how)
    assert walk.shape == (7, *generator.spec.shape)
    label = own_class(generator)
    ends = [generator.tensors(1, 4, label)[0], generator.tensors(3, 5, label)[2], generator.tensors(1, 9, label)[0]]
    assert torch.equal(walk[[0, 3, 6]], torch.stack(ends))
    assert not torch.equal(walk[1], walk[0])


def test_a_walk_may_be_longer_than_a_chunk(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    walk = between(generator, [Place(0), Place(1)], 40)
    assert walk.shape == (41, 2)
    assert torch.equal(walk[40], generator.tensors(1, 1)[0])
    steps = (walk[1:] - walk[:-1]).norm(dim=1)
    assert steps.max() < 0.5 * (walk[0] - walk[40]).norm() + 0.5


@pytest.mark.parametrize("recipe", RECIPES)
def test_variations_begin_with_the_original_and_move_away_with_the_amount(tiny_runs, recipe):
    generator = load(tiny_runs(recipe))
    original = generator.tensors(2, 3, own_class(generator))[1]
    still = around(generator, Place(3, 1), 0.0, 4)
    assert torch.equal(still[0], original)
    assert torch.allclose(still[3], original, atol=1e-5)
    near, far = (around(generator, Place(3, 1), amount, 16) for amount in (0.02, 1.0))
    assert torch.equal(near[0], original)
    change = [(x[1:] - original).flatten(1).norm(dim=1).mean() for x in (near, far)]
    assert change[0] < 0.8 * change[1]


def test_the_whole_amount_is_fresh_samples_even_of_the_same_seed(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    fresh = around(generator, Place(0), 1.0, 5, seed=0)
    assert not any(torch.allclose(fresh[0], other) for other in fresh[1:])


def test_labels_hold_along_the_walk():
    recipe = load_recipe("image/digits", ["game.conditional=true", "G.width=4", "D.width=4"])
    spec = build_data(recipe).spec
    net = build_nets(recipe, spec)[0]
    config = make_config("digits-1", "digits", recipe.G.net, {**recipe.G.options, "conditional": True}, {"seed": 0})
    generator = Generator(net, spec, config)
    walk = between(generator, [Place(0), Place(1)], 2, label="7")
    assert torch.equal(walk[0], generator.tensors(1, 0, "7")[0])
    assert torch.equal(walk[2], generator.tensors(1, 1, "7")[0])
    first = between(generator, [Place(0), Place(1)], 2)
    assert torch.equal(first[2], generator.tensors(1, 1, spec.classes[0])[0])
    with pytest.raises(UnknownNameError, match="no class 'x'"):
        between(generator, [Place(0), Place(1)], 2, label="x")


def test_moving_z_sees_the_rows_of_its_chunk(tiny_runs):
    generator, seen = load(tiny_runs("points/ring")), []
    rows = [(Place(0), Place(0), 0.0)] * 40
    render_rows(generator, rows, slerp, None, lambda z, first: seen.append(first) or z)
    assert seen == [0, 32]


def test_what_makes_no_walk_is_refused(tiny_runs):
    generator = load(tiny_runs("points/ring"))
    with pytest.raises(DataError, match="two seeds or more"):
        between(generator, [Place(0)])
    with pytest.raises(DataError, match="amount"):
        around(generator, Place(0), 1.5)
