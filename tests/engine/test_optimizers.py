import json

import pytest
import torch
from torch import nn

from multigan.engine.optimizers import OPTIMIZERS, OptimSettings, load_optimizer, make_optimizer, pack_optimizer


def descend(net, optimizer, steps):
    for k in range(steps):
        optimizer.zero_grad()
        net(torch.full((1, 3), float(k + 1))).square().sum().backward()
        optimizer.step()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_packing_and_loading_goes_on_bitwise(name):
    settings = OptimSettings(name, lr=1e-2, momentum=0.9, weight_decay=1e-3)
    torch.manual_seed(0)
    net = nn.Linear(3, 2)
    optimizer = make_optimizer(net, settings)
    descend(net, optimizer, 3)
    tensors, rest = pack_optimizer(optimizer)
    rest = json.loads(json.dumps(rest))
    copy = nn.Linear(3, 2)
    copy.load_state_dict(net.state_dict())
    other = make_optimizer(copy, settings)
    load_optimizer(other, {name: value.clone() for name, value in tensors.items()}, rest)
    descend(net, optimizer, 3)
    descend(copy, other, 3)
    assert torch.equal(net.weight, copy.weight)


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_moments_follow_the_memory_layout_of_their_parameters(name):
    def conv():
        torch.manual_seed(0)
        return nn.Conv2d(3, 5, 3).to(memory_format=torch.channels_last)

    def step(net, optimizer, k):
        optimizer.zero_grad()
        net(torch.randn(2, 3, 6, 6, generator=torch.Generator().manual_seed(k))).square().sum().backward()
        optimizer.step()

    net, copy = conv(), conv()
    optimizer, other = make_optimizer(net, OptimSettings(name)), make_optimizer(copy, OptimSettings(name))
    step(net, optimizer, 0)
    copy.load_state_dict(net.state_dict())
    tensors, rest = pack_optimizer(optimizer)
    load_optimizer(other, {key: value.clone() for key, value in tensors.items()}, rest)
    for k in (1, 2):
        step(net, optimizer, k)
        step(copy, other, k)
    assert torch.equal(net.weight, copy.weight)


def test_adam_first_step_is_the_learning_rate():
    net = nn.Linear(3, 2)
    before = net.weight.detach().clone()
    descend(net, make_optimizer(net, OptimSettings("adam", lr=1e-2, eps=1e-12)), 1)
    torch.testing.assert_close((net.weight - before).abs(), torch.full((2, 3), 1e-2), rtol=1e-3, atol=0)
