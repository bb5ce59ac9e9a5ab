import torch
from torch import nn

from multigan.core.types import Latent, Spec
from multigan.nets.both_ways import BothJudges, BothWays


class Adds(nn.Module):
    def __init__(self, number):
        super().__init__()
        self.latent, self.number = Latent((0,)), nn.Parameter(torch.tensor(float(number)))

    def forward(self, z, cond=None, draw=None, *, source):
        return source + self.number


class Sums(nn.Module):
    def forward(self, x, cond=None, draw=None):
        return x.sum(1)


def test_called_they_are_the_way_there():
    net = BothWays(Adds(1), Adds(-1), Spec("x", (3,)), Spec("x", (3,)))
    x = torch.randn(2, 3)
    there = net(torch.zeros(2, 0), source=x)
    assert torch.equal(there, x + 1)
    torch.testing.assert_close(net.back(torch.zeros(2, 0), source=there), x)
    assert (net.latent, len(list(net.parameters()))) == (Latent((0,)), 2)
    judges = BothJudges(Sums(), nn.Identity())
    assert torch.equal(judges(x), x.sum(1))
    assert torch.equal(judges.back(x), x)
