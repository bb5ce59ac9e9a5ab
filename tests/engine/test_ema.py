import numpy as np
import pytest
import torch
from torch import nn

from multigan.engine.ema import Ema, ema_decay


def test_after_a_halflife_an_old_weight_counts_half():
    total = np.prod([ema_decay(32, 3200, 10**9) for _ in range(100)])
    assert total == pytest.approx(0.5)


def test_the_batch_size_does_not_matter():
    assert ema_decay(64, 1000, 10**6) == pytest.approx(ema_decay(16, 1000, 10**6) ** 4)


def test_the_ramp_forgets_the_start():
    assert ema_decay(64, 10_000, 64) < 1e-5
    assert ema_decay(64, 10_000, 10**6) == pytest.approx(0.5 ** (64 / 10_000))


def test_zero_halflife_follows_exactly():
    assert ema_decay(64, 0, 1000) == 0


def test_update_interpolates_parameters_and_copies_buffers():
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    ema = Ema(net, 100)
    before = [p.clone() for p in ema.net.parameters()]
    with torch.no_grad():
        for p in net.parameters():
            p.add_(1)
        net[1].running_mean.fill_(7)
    ema.update(net, 100, 10**6)
    for old, new in zip(before, ema.net.parameters(), strict=True):
        torch.testing.assert_close(new, old + 0.5)
    assert torch.equal(ema.net[1].running_mean, net[1].running_mean)
    assert not any(p.requires_grad for p in ema.net.parameters())
    assert not ema.net.training


def test_another_generator_can_be_followed():
    first, second = nn.Linear(2, 2), nn.Linear(2, 2)
    ema = Ema(first, 0)
    ema.update(second, 64, 1000)
    assert torch.equal(ema.net.weight, second.weight)
    ema.update(first, 64, 1000)
    assert torch.equal(ema.net.weight, first.weight)
