import pytest
import torch
from torch import nn

from multigan.build import build_data, build_nets
from multigan.core.errors import DataError
from multigan.core.types import Latent, Spec
from multigan.generator.generator import Generator, load, make_config
from multigan.latent.directions import find_directions, first_weight
from multigan.recipe.recipe import load_recipe


class Planted(nn.Module):
    """Stretches axis 1 of z tenfold and axis 3 fivefold before anything else."""

    def __init__(self):
        super().__init__()
        self.latent = Latent((4,))
        self.first, self.last = nn.Linear(4, 4, bias=False), nn.Linear(4, 2)
        self.first.weight.data = torch.diag(torch.tensor([0.1, 10.0, 0.1, 5.0]))

    def forward(self, z, cond=None, draw=None):
        return self.last(torch.tanh(0.01 * self.first(z)))


def wrapped(net):
    return Generator(
        net, Spec("points", (2,), (), {"scale": 1.0, "centre": [0.0, 0.0]}), make_config("x", "x", "mlp", {}, {})
    )


@pytest.mark.parametrize("method", ["sefa", "pca"])
def test_planted_directions_are_found_in_order(method):
    found = find_directions(wrapped(Planted()), method, 2)
    assert torch.allclose(found.vectors.abs(), torch.eye(4)[[1, 3]], atol=0.1)  # 1,024 samples: .03 each
    assert found.shares[0] == pytest.approx(100 / 125, abs=0.06)
    assert found.method == method


@pytest.mark.parametrize("recipe", ["points/ring", "image/digits", "audio/drums"])
def test_the_first_weight_predicts_the_first_layer(tiny_runs, recipe):
    generator = load(tiny_runs(recipe))
    weight = first_weight(generator)
    module = next(m for m in generator.net.modules() if isinstance(m, nn.Linear | nn.ConvTranspose2d))
    shape = (1, -1) if isinstance(module, nn.Linear) else (1, -1, 1, 1)
    inputs = module.weight.shape[1 if isinstance(module, nn.Linear) else 0]  # z, and the class where it is joined to it
    z = torch.arange(weight.shape[1]).float() / weight.shape[1]
    joined, zero = torch.cat([z, torch.zeros(inputs - len(z))]), torch.zeros(inputs)
    change = (module(joined.view(shape)) - module(zero.view(shape))).flatten()
    assert torch.allclose(weight @ z, change, atol=1e-4)


def test_vectors_are_units_and_never_more_than_z_has(tiny_runs):
    found = find_directions(load(tiny_runs("points/ring")), "sefa", 9)
    assert found.vectors.shape == (2, 2)
    assert torch.allclose(found.vectors.norm(dim=1), torch.ones(2))
    assert found.shares.sum() == pytest.approx(1)


def test_with_classes_joined_to_z_only_z_counts():
    recipe = load_recipe("image/digits", ["game.conditional=true", "G.width=4", "D.width=4", "G.conditioning=concat"])
    spec = build_data(recipe).spec
    net = build_nets(recipe, spec)[0]
    generator = Generator(net, spec, make_config("d", "d", recipe.G.net, {**recipe.G.options, "conditional": True}, {}))
    assert first_weight(generator).shape[1] == net.latent.shape[0]


def test_a_generator_without_z_says_so(tiny_runs):
    with pytest.raises(DataError, match="no z"):
        find_directions(load(tiny_runs("text/surnames")))
