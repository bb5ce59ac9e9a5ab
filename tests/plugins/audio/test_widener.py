import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.audio.narrow import build_narrow, lower
from multigan.plugins.audio.widener import build_widener

SPEC = Spec("audio", (1, 2048), meta={"sample_rate_hz": 8000})


def learnt(hertz=0.0, **options):
    torch.manual_seed(0)
    net = build_widener(SPEC, build_narrow(None, SPEC, hertz=hertz).spec(SPEC), **{"width": 8, "blocks": 1, **options})
    with torch.no_grad():
        for value in net.parameters():
            value.add_(torch.randn_like(value), alpha=0.1)
        net.net.out.bias.view(3, -1)[:2].add_(5)
    return net.eval()


@pytest.mark.parametrize("samples", [2048, 999, 5001])
@pytest.mark.parametrize("hertz", [0.0, 1500.0, 2345.0])
def test_narrowed_again_it_is_what_it_was_made_of(samples, hertz):
    net = learnt(hertz)
    x = lower(torch.randn(2, 2, samples) * 0.1, net.hertz, 8000)
    made = net(None, source=x)
    assert made.shape == x.shape
    assert (made - x).abs().max() > 0.01
    assert (lower(made, net.hertz, 8000) - x).abs().max() < 1e-6
    spectra = [torch.fft.rfft(one.double())[..., : int(net.hertz / 8000 * samples) + 1] for one in (made, x)]
    assert (spectra[0] - spectra[1]).abs().max() < 1e-6 * spectra[1].abs().max() * samples**0.5


def test_untrained_it_is_nearly_the_sound_itself():
    net = build_widener(SPEC, build_narrow(None, SPEC).spec(SPEC))
    x = lower(torch.randn(1, 1, 2048) * 0.1, 2000, 8000)
    assert (net(None, source=x) - x).square().mean() < 1e-3 * x.square().mean()


def test_gradients_everywhere_and_channels_alone():
    net = learnt()
    x = lower(torch.randn(1, 2, 2048) * 0.1, 2000, 8000)
    made = net(None, source=x)
    assert (made[:, 1:] - net(None, source=x[:, 1:])).abs().max() < 1e-5
    made.square().mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_inputs_that_are_not_narrow_are_refused():
    with pytest.raises(RecipeError, match=r"the net 'widener' without narrow sounds.*name = \"narrow\""):
        build_widener(SPEC, SPEC)
