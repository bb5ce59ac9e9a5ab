import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.audio.hifigan import VERSIONS, build_hifigan, rates_of
from multigan.plugins.audio.mel_degrade import build_mel

SPEC = Spec("audio", (1, 8192), meta={"sample_rate_hz": 22_050})


def given(spec=SPEC, **definition):
    return build_mel(None, spec, **{"pad": "same", **definition}).spec(spec)


@pytest.mark.parametrize(
    ("version", "plain", "normed"),
    [(1, 13_926_017, 13_936_130), (2, 925_985, 928_514), (3, 1_462_273, 1_464_322)],
)
def test_the_papers_nets_have_their_number_of_parameters(version, plain, normed):
    for count, norm in ((plain, False), (normed, True)):
        net = build_hifigan(SPEC, given(n_mels=80), version=version, normed=norm)
        assert sum(p.numel() for p in net.parameters()) == count


@pytest.mark.parametrize("pad", ["same", "centre"])
@pytest.mark.parametrize("hop", [64, 70, 110])
def test_any_hop_gives_as_many_samples_as_the_sound_had(pad, hop):
    spec = Spec("audio", (2, 20 * hop), meta={"sample_rate_hz": 8000})
    source = given(spec, n_mels=10, n_fft=256, hop=hop, pad=pad)
    net = build_hifigan(spec, source, width=8)
    for frames in (source.shape[1], 7):
        made = net(None, source=torch.randn(2, 20, frames))
        assert made.shape == (2, 2, net.mel.samples(frames))
    made.square().mean().backward()
    assert all(p.grad is not None for p in net.parameters())


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_beyond_its_reach_is_heard(version):
    net = build_hifigan(SPEC, given(n_mels=8), version=version, width=8)
    frames = 2 * net.reach + 21
    x = torch.randn(1, 8, frames, requires_grad=True)
    at = (net.reach + 10) * 256 + 128
    (slope,) = torch.autograd.grad(net(None, source=x)[0, 0, at], x)
    heard = slope[0].abs().amax(0).nonzero()[:, 0]
    assert net.reach + 10 - int(heard.min()) <= net.reach
    assert int(heard.max()) - (net.reach + 10) <= net.reach


def test_wrong_rates_are_named():
    assert rates_of(256, VERSIONS[1]) == (8, 8, 2, 2)
    assert rates_of(256, VERSIONS[3]) == (8, 8, 4)
    assert rates_of(300, VERSIONS[1]) == (6, 5, 5, 2)
    with pytest.raises(RecipeError, match="whose product is 16; expected rates whose product is the hop, 256"):
        build_hifigan(SPEC, given(n_mels=8), rates=(8, 2))
    with pytest.raises(RecipeError, match="a hop that is a product of numbers up to 13"):
        rates_of(2 * 17, VERSIONS[1])
    with pytest.raises(RecipeError, match="the net 'hifigan' without mel spectra"):
        build_hifigan(SPEC, SPEC)
