import pytest
import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.errors import PluginError
from multigan.core.generators import draw_fakes, latent_of, likely_of, writer_of
from multigan.core.types import Latent
from multigan.nets.mlp import MlpG


class Sum(nn.Module):
    """z and own noise, and what it was called with."""

    def __init__(self):
        super().__init__()
        self.latent = Latent((3,), "uniform")
        self.calls = []

    def forward(self, z, cond=None, draw=None, **more):
        self.calls.append((cond, more))
        return z + draw.normal("own", tuple(z.shape))


def test_fakes_are_those_of_drawn_z_and_of_the_net_s_own_draw():
    net, draw = Sum(), Draw(4, 2)
    z = net.latent.sample(5, draw)
    assert torch.equal(draw_fakes(net, 5, draw), z + draw.normal("own", (5, 3)))
    other = draw.child("G")
    assert torch.equal(draw_fakes(net, 5, draw, besides=other), z + other.normal("own", (5, 3)))
    assert torch.equal(draw_fakes(net, 5, draw, change=lambda z: 2 * z), 2 * z + draw.normal("own", (5, 3)))


def test_only_a_net_that_is_given_a_source_is_called_with_one():
    net, cond, source = Sum(), torch.zeros(2, dtype=torch.long), torch.ones(2, 3)
    draw_fakes(net, 2, Draw(0), cond)
    draw_fakes(net, 2, Draw(0), cond, source)
    (first, nothing), (second, more) = net.calls
    assert first is cond is second
    assert nothing == {}
    assert more["source"] is source


def test_a_net_that_is_not_what_is_asked_for_is_refused_in_words():
    with pytest.raises(PluginError, match=r"Linear has latent = None; expected a multigan\.Latent; write self\.latent"):
        latent_of(nn.Linear(2, 2))
    net = MlpG(2, 2, 4, 1)
    assert latent_of(net) == Latent((2,))
    with pytest.raises(PluginError, match="MlpG has no likelihood"):
        likely_of(net)
    with pytest.raises(PluginError, match="MlpG writes no tokens"):
        writer_of(net)
