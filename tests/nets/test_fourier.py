"""A D of waves learns what a D of coordinates does not."""

import torch

from multigan.nets.fourier import WAVES, FourierD


def test_one_logit_a_sample_and_the_waves_are_saved():
    net = FourierD(3, width=8, layers=2)
    assert net(torch.randn(5, 3)).shape == (5,)
    assert net.state_dict()["waves"].shape == (3, WAVES)
    assert "waves" not in dict(net.named_parameters())


def test_a_fast_wave_is_learnt():
    torch.manual_seed(0)
    net = FourierD(1, width=32, layers=2)
    optimizer = torch.optim.Adam(net.parameters(), 1e-2)
    x = torch.linspace(-1, 1, 256)[:, None]
    target = torch.sin(6 * x[:, 0])
    for _ in range(60):
        loss = ((net(x) - target) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.02
