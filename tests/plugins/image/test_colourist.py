import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.image.colourist import build_colourist, coloured
from multigan.plugins.image.degrade import Grey

GREY, COLOUR = Spec("image", (1, 16, 16)), Spec("image", (3, 16, 16))


def test_luma_is_the_inputs_whatever_the_net_says_and_no_value_leaves_the_range():
    generator = torch.Generator().manual_seed(0)
    grey = torch.rand(4, 1, 9, 7, generator=generator) * 2 - 1
    grey[0, 0, 0, :2] = torch.tensor([-1.0, 1.0])
    made = coloured(grey, torch.randn(4, 3, 9, 7, generator=generator) * 3)
    assert (Grey()(made, None) - grey).abs().max() < 1e-6
    assert made.abs().max() <= 1 + 1e-6
    assert (made[0, :, 0, 0] + 1).abs().max() < 1e-6  # black has no colour
    assert made.std(1).max() > 0.5


def test_colours_that_fit_are_left_as_they_are():
    picture = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert torch.allclose(coloured(Grey()(picture, None), picture), picture, atol=1e-6)


def test_the_untrained_net_gives_the_grey_picture_bit_for_bit_at_any_size():
    net = build_colourist(COLOUR, GREY, width=2, downs=2)
    grey = torch.rand(2, 1, 13, 9) * 2 - 1
    assert torch.equal(net(torch.zeros(2, 0), source=grey), grey.expand(-1, 3, -1, -1))
    net.body.up[-1][1].weight.data.normal_()
    made = net(torch.zeros(2, 0), source=grey)
    assert made.shape == (2, 3, 13, 9)
    assert (Grey()(made, None) - grey).abs().max() < 1e-6
    made.square().sum().backward()
    assert net.body.down[0][0].weight.grad.abs().max() > 0


def test_other_channels_are_refused():
    with pytest.raises(RecipeError, match="1 and 3"):
        build_colourist(COLOUR, COLOUR)
