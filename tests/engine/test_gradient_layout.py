"""Averaged gradients lie in memory as their parameters do, since fused optimizers look at memory and not at strides."""

import pytest
import torch
import torch.distributed as dist
from torch import nn

from multigan.engine.distributed import World


@pytest.fixture
def twins(monkeypatch):
    """A world of two processes that always agree, so that a mean changes nothing."""
    monkeypatch.setattr(dist, "all_reduce", lambda flat: flat.mul_(2))
    return World(0, 2)


def stepped(world):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 5, 3), nn.LeakyReLU(), nn.ConvTranspose2d(5, 2, 3)).to(
        memory_format=torch.channels_last
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1, fused=True)
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.randn(4, 3, 6, 6)).square().sum().backward()
        world.average_gradients(net.parameters())
        assert all(p.grad.stride() == p.stride() for p in net.parameters())
        optimizer.step()
    return net.state_dict()


def test_channels_last_nets_take_the_same_step_alone_and_together(twins):
    alone, together = stepped(World()), stepped(twins)
    for name, value in alone.items():
        torch.testing.assert_close(together[name], value, rtol=0, atol=1e-6, msg=name)
