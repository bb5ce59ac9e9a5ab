import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.image.degrade import Hole
from multigan.plugins.image.filler import build_filler
from multigan.plugins.image.membrane import membrane

PICTURE = Spec("image", (3, 16, 16))
HOLED = Hole(0.3, 0.6).spec(PICTURE)


def holed(height, width):
    x = torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return Hole(0.3, 0.6)(x, Draw(0, 0, "holes"))


@pytest.mark.parametrize("size", [(16, 16), (13, 22)])
def test_the_untrained_net_is_the_film_bit_for_bit(size):
    source = holed(*size)
    net = build_filler(PICTURE, HOLED, width=4)
    assert torch.equal(net(torch.zeros(2, 0), source=source), membrane(source[:, :-1], source[:, -1:], net.levels))


def test_only_the_hole_is_learnt():
    source = holed(16, 16)
    net = build_filler(PICTURE, HOLED, width=4)
    net.body.up[-1][1].weight.data.normal_()
    made = net(torch.zeros(2, 0), source=source)
    known = (source[:, -1:] == 0).expand_as(made)
    assert torch.equal(made[known], source[:, :-1][known])
    assert (made - membrane(source[:, :-1], source[:, -1:], net.levels))[~known].abs().mean() > 0.05
    made.square().sum().backward()
    assert all(param.grad is not None and param.grad.abs().max() > 0 for param in net.parameters())


def test_the_first_step_moves_the_last_layer():
    source = holed(16, 16)
    net = build_filler(PICTURE, HOLED, width=4)
    net(torch.zeros(2, 0), source=source).square().sum().backward()
    assert net.body.up[-1][1].weight.grad.abs().max() > 0


@pytest.mark.parametrize("source", [PICTURE, Spec("image", (4, 16, 16))])
def test_inputs_without_a_hole_are_refused(source):
    with pytest.raises(RecipeError, match="no word of a hole"):
        build_filler(PICTURE, source)
