import torch

from multigan.plugins.audio.frame_net import FrameNet


def test_it_begins_at_nothing_and_looks_as_far_as_it_says():
    net = FrameNet(5, 8, 2, 3)
    x = torch.randn(2, 5, 60, requires_grad=True)
    assert torch.equal(net(x), torch.zeros(2, 60, 3))
    with torch.no_grad():
        net.out.weight.normal_()
    (slope,) = torch.autograd.grad(net(x)[0, 30].sum(), x)
    heard = slope[0].abs().amax(0).nonzero()[:, 0]
    assert (int(heard.min()), int(heard.max())) == (30 - net.reach, 30 + net.reach)
