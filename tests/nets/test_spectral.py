import pytest
import torch
from torch import nn

from multigan.nets.spectral import normalise_spectrum


def largest(weight):
    return torch.linalg.matrix_norm(weight.flatten(1), 2)


def test_every_layer_has_a_largest_singular_value_of_one():
    net = normalise_spectrum(nn.Sequential(nn.Conv2d(2, 4, 3), nn.Flatten(), nn.Linear(16, 5), nn.Linear(5, 1)))
    for _ in range(200):
        net(torch.randn(2, 2, 4, 4))
    for layer in (net[0], net[2], net[3]):
        torch.testing.assert_close(largest(layer.weight), torch.tensor(1.0), rtol=1e-3, atol=0)


@pytest.mark.parametrize("layer", [nn.Linear(3, 2), nn.Embedding(4, 3)])
def test_a_weight_of_zeros_gets_a_direction(layer):
    nn.init.zeros_(layer.weight)
    normalise_spectrum(layer)
    assert torch.isfinite(layer.weight).all()
    torch.testing.assert_close(largest(layer.weight), torch.tensor(1.0), rtol=0.1, atol=0)


def test_evaluation_does_not_iterate():
    net = normalise_spectrum(nn.Linear(6, 4)).eval()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    net(torch.randn(2, 6))
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
