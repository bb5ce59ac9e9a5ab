import pytest
import torch
from torch import nn

from multigan.core.types import Latent, Spec
from multigan.generator.reach import at_least_bytes, measure
from multigan.plugins.image.unet import UNet
from multigan.plugins.image.upscaler import Upscaler

COLOUR = Spec("image", (3, 16, 16))


class _Net(nn.Module):
    """Layers as a translator of one channel."""

    def __init__(self, *layers):
        super().__init__()
        self.latent, self.body = Latent((0,)), nn.Sequential(*layers)

    def forward(self, z, cond=None, draw=None, *, source):
        return self.body(source)


class _Mean(nn.Module):
    def forward(self, x):
        return x + x.mean((2, 3), keepdim=True)


GREY = Spec("image", (1, 16, 16))
CASES = [
    (_Net(nn.Conv2d(1, 1, 1)), 0),
    (_Net(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.Conv2d(2, 1, 5, padding=2)), 3),
    (_Net(nn.Conv2d(1, 1, 3, padding=4, dilation=4)), 4),
    (_Net(nn.Conv2d(1, 1, (1, 9), padding=(0, 4))), 4),  # longest along one axis
    (_Net(*(nn.Conv2d(1, 1, 9, padding=4) for _ in range(20))), 80),  # beyond the short probe
    (_Net(nn.Conv2d(1, 2, 3, padding=1), nn.InstanceNorm2d(2), nn.Conv2d(2, 1, 1)), None),
    (_Net(_Mean()), None),
]


@pytest.mark.parametrize(("net", "places"), CASES)
def test_the_reach_of_layers_is_known(net, places):
    net.weight = nn.Parameter(torch.ones(1))  # some have none
    assert measure(net.eval(), GREY).places == places


def test_an_upscaler_that_begins_at_bicubic_reaches_as_far_as_its_convolutions():
    net = Upscaler(3, 4, 5, 2).eval()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    assert measure(net, COLOUR) == (7, 1, "")
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_parts_begin_where_a_net_that_shrinks_begins_anew():
    reach = measure(UNet(3, 3, 2, 3, "none").eval(), COLOUR)
    assert (reach.multiple, reach.places) == (8, 15)
    assert measure(UNet(3, 3, 2, 3, "instance").eval(), COLOUR) == (None, 8, "InstanceNorm2d at down.1.2")


def test_what_the_hungriest_layer_takes():
    net = _Net(nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 1, 3, padding=1)).eval()
    assert at_least_bytes(net, GREY) == 4 * 9
