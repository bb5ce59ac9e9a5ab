import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.games.contrastive import Layered
from multigan.plugins.audio.mel_samples import as_mel
from multigan.plugins.audio.timbre import build_timbre

WAVES = Spec("audio", (1, 2048), meta={"sample_rate_hz": 8000})


def mel_spec(channels=1, rate=8000, samples=2048):
    from multigan.core.types import Data

    spec = Spec("audio", (channels, samples), meta={"sample_rate_hz": rate})
    return as_mel(Data([], spec, None)).spec


def learnt(channels=1):
    torch.manual_seed(0)
    net = build_timbre(mel_spec(channels), mel_spec(channels), width=8, blocks=2)
    with torch.no_grad():
        for value in net.parameters():
            value.add_(torch.randn_like(value), alpha=0.1)
    return net.eval()


def test_untrained_it_copies_bit_for_bit():
    spec = mel_spec()
    x = torch.rand(2, *spec.shape) * 2 - 1
    assert torch.equal(build_timbre(spec, spec)(torch.zeros(2, 0), source=x), x)


def test_parameters_are_those_of_its_layers():
    net = build_timbre(mel_spec(), mel_spec(), width=64, blocks=3)
    block = 64 * 7 + 64 + 2 * 64 + (64 * 192 + 192) + (192 * 64 + 64) + 64
    wanted = (40 * 7 * 64 + 64) + 4 * 64 + 3 * block + 64 * 40 + 40
    assert sum(p.numel() for p in net.parameters()) == wanted


@pytest.mark.parametrize("frames", [5, 33, 100])
def test_any_length_channels_alone_and_gradients_everywhere(frames):
    net = learnt(2)
    x = (torch.rand(1, 80, frames) * 2 - 1).requires_grad_()
    made = net(torch.zeros(1, 0), source=x)
    assert made.shape == x.shape
    assert (net(torch.zeros(1, 0), source=x[:, 40:]) - made[:, 40:]).abs().max() < 1e-5
    made.square().mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_a_frame_depends_on_its_reach_alone():
    net = learnt()
    x = torch.rand(1, 40, 60)
    other = x.clone()
    other[..., 30 + net.reach + 1 :] = 0
    other[..., : 30 - net.reach] = 0
    one, two = (net(torch.zeros(1, 0), source=y)[..., 30] for y in (x, other))
    assert (one - two).abs().max() < 1e-6


def test_it_shows_its_layers():
    net = learnt(2)
    assert isinstance(net, Layered)
    found = net.features(torch.rand(3, 80, 20))
    assert [x.shape for x in found] == [(6, maps, 20) for maps in net.feature_maps]


def test_waves_and_unlike_inputs_are_refused():
    with pytest.raises(RecipeError, match=r"the net 'timbre' on waves.*data.form=\"mel\""):
        build_timbre(WAVES, WAVES)
    with pytest.raises(RecipeError, match=r"at 16000 Hz for sounds of .* at 8000 Hz.*data.sample_rate_hz=8000"):
        build_timbre(mel_spec(), mel_spec(rate=16_000))
