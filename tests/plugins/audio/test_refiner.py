import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins.audio.griffin_lim import heard
from multigan.plugins.audio.mel_degrade import build_mel
from multigan.plugins.audio.refiner import build_refiner

SPEC = Spec("audio", (1, 4096), meta={"sample_rate_hz": 8000})


def built(spec=SPEC, given=None, **options):
    torch.manual_seed(0)
    view = build_mel(None, spec, **(given or {}))
    return build_refiner(spec, view.spec(spec), **{"width": 16, "blocks": 1, "iterations": 4, **options}), view


@pytest.mark.parametrize("given", [{}, {"pad": "same"}, {"n_fft": 512, "window": 400, "hop": 128}, {"power": 2.0}])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_untrained_net_is_griffin_lim_bit_for_bit(given, channels):
    spec = Spec("audio", (channels, 4096), meta={"sample_rate_hz": 8000})
    net, view = built(spec, given)
    source = view(torch.randn(3, channels, 4096) * 0.1, None)
    wanted = heard(net.analysis, source, 4)
    assert torch.equal(net(None, source=source), wanted)  # with gradients, as in training
    with torch.no_grad():
        assert torch.equal(net.eval()(None, source=source), wanted)


def test_gradients_reach_both_corrections():
    net, view = built()
    source = view(torch.randn(2, 1, 4096) * 0.1, None)
    loss = net(None, source=source).square().mean()
    loss.backward()
    for part in (net.front, net.back):
        assert part.out.weight.grad.abs().sum() > 0
        with torch.no_grad():
            part.out.weight.normal_(0, 0.01)
    net.zero_grad()
    net(None, source=source).square().mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_sizes_have_the_gradient_that_waves_with_their_phases_have():
    """The slope in a common gain of all sizes: with phases that stay, the wave grows in proportion."""
    net, view = built()
    source = view(torch.randn(1, 1, 4096) * 0.1, None)
    gain = torch.zeros((), requires_grad=True)
    asked = net.analysis.sizes(source) * gain.exp()
    wave = net._searched(asked)
    (slope,) = torch.autograd.grad(wave.square().sum(), gain)
    assert float(slope) == pytest.approx(2 * float(wave.detach().square().sum()), rel=0.1)


def test_any_number_of_frames():
    net, _ = built()
    for frames in (9, 65, 100):
        assert net(None, source=torch.randn(2, 40, frames)).shape == (2, 1, (frames - 1) * 64)
