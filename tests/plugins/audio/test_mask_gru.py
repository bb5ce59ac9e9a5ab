import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.audio.mask_gru import build_mask_gru

SPEC = Spec("audio", (1, 512), (), {"sample_rate_hz": 8000})


def learnt(spec=SPEC, **options):
    """A net with drawn weights, so that it changes what it is given."""
    torch.manual_seed(0)
    net = build_mask_gru(spec, spec, **{"width": 16, **options})
    with torch.no_grad():
        for value in net.parameters():
            value.add_(torch.randn_like(value), alpha=0.2)
    return net.eval()


def called(net, x):
    with torch.no_grad():
        return net(torch.zeros(len(x), 0), source=x)


def test_the_size_that_is_published_for_8_khz():
    assert sum(value.numel() for value in build_mask_gru(SPEC, SPEC).parameters()) == 248_066


def test_the_untrained_net_gives_what_it_was_given():
    x = torch.randn(2, 1, 700)
    assert (called(build_mask_gru(SPEC, SPEC, width=8), x) - x).abs().max() < 1e-5


def test_it_never_looks_ahead():
    net, x = learnt(), torch.randn(1, 1, 2000)
    other = x.clone()
    other[..., 1500:] = torch.randn(500)
    # A frame ends with the newest sample: what lies a window before is finished.
    seen = (called(net, x) - called(net, other)).abs()[0, 0]
    assert seen[: 1500 - net.frames.lag - net.frames.hop].max() == 0
    assert seen[1500:].max() > 0.01


def test_loud_and_faint_sounds_are_treated_alike():
    net, x = learnt(), torch.randn(1, 1, 3000)
    assert (called(net, x / 1000) * 1000 - called(net, x)).abs().max() < 1e-3


def test_silence_stays_silence():
    assert called(learnt(), torch.zeros(1, 1, 999)).abs().max() == 0


def test_channels_go_through_it_one_by_one():
    net, x = learnt(), torch.randn(1, 2, 600)
    apart = torch.cat([called(net, x[:, :1]), called(net, x[:, 1:])], 1)
    assert (called(net, x) - apart).abs().max() < 1e-5


def test_levels_over_blocks_are_means_with_weights_that_fade():
    net = learnt()
    power = torch.rand(1, 150)
    level, _, _ = net._levels(power, torch.zeros(1), torch.zeros(1))
    weights = net.fade ** torch.arange(149, -1, -1).double()
    assert torch.allclose(level[0, -1].double(), (weights * power[0]).sum() / weights.sum(), rtol=1e-5)
    assert torch.allclose(level[0, 0], power[0, 0])


def test_other_rates_are_refused_in_words():
    other = Spec("audio", (1, 512), (), {"sample_rate_hz": 16_000})
    with pytest.raises(RecipeError, match="8000 Hz"):
        build_mask_gru(SPEC, other)
