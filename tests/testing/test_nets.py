import pytest
import torch
from torch import nn

from multigan.core.errors import PluginError
from multigan.core.types import Latent
from multigan.testing import check_nets


class G(nn.Module):
    def __init__(self, fault=""):
        super().__init__()
        self.fault, self.latent = fault, Latent((2,))
        self.net, self.spare = nn.Linear(2, 3), nn.Linear(2, 3)

    def forward(self, z, cond=None, draw=None):
        x = self.net(z) + (0 if self.fault == "dead" else self.spare(z))
        faults = {"shape": lambda: x[:, :2], "nan": lambda: x / 0, "random": lambda: x + torch.rand(1)}
        return faults.get(self.fault, lambda: x)()


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 1)

    def forward(self, x, cond=None, draw=None):
        return self.net(x).squeeze(1)


@pytest.mark.parametrize(
    ("fault", "message"),
    [("shape", r"G returns \(1, 2\)"), ("nan", "not finite"), ("random", "equal draws"), ("dead", r"G\.spare")],
)
def test_broken_nets_are_caught(fault, message):
    check_nets(G(), D(), (3,))
    with pytest.raises(PluginError, match=message):
        check_nets(G(fault), D(), (3,))
