import pytest
import torch
from torch import nn

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.losses import penalties
from multigan.losses.feature_matching import feature_matching
from multigan.plugins import modalities
from multigan.plugins.audio.critics import Panel
from multigan.testing import check_nets

NETS = ("multi-period", "multi-scale", "stft", "jury")
RATE = {"sample_rate_hz": 8000}


def built(name, samples=1000, channels=1, classes=(), **options):
    torch.manual_seed(0)
    spec = Spec("audio", (channels, samples), classes, RATE)
    small = {"periods": 1, "scales": 4, "spectra": 2} if name == "jury" else {"width": 2}
    return modalities.get("audio").discriminators[name](spec, **small, **options)


class _Copying(nn.Module):
    """Every parameter's gradient is looked at; the G beside it is the smallest there is."""

    def __init__(self, samples):
        super().__init__()
        from multigan.core.types import Latent

        self.latent, self.gain = Latent((1, samples)), nn.Parameter(torch.ones(()))

    def forward(self, z, cond=None, draw=None):
        return (self.gain * z).tanh()


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("classes", [(), ("a", "b")])
def test_they_keep_the_rules_of_nets(name, classes):
    D = built(name, classes=classes, conditional=bool(classes))
    check_nets(_Copying(1000), D, (1, 1000), len(classes))


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("shape", [(1, 64), (2, 65), (1, 997), (2, 4097)])
def test_any_length_and_number_of_channels(name, shape):
    D = built(name, shape[1], shape[0])
    x = torch.randn(3, *shape, requires_grad=True)
    critique = D(x)
    assert all(len(logits) == 3 and logits.isfinite().all() for logits in critique.logits)
    assert all(features.ndim >= 3 for features in critique.features)
    torch.stack([logits.square().mean() for logits in critique.logits]).sum().backward()
    assert x.grad.isfinite().all()
    assert all(parameter.grad is not None for parameter in D.parameters())


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("level", [0.0, 1e-5, 1.0])
def test_gradient_penalties_have_finite_gradients_in_silence_too(name, level):
    D = built(name)
    real = level * torch.sin(torch.arange(1000) / 7).expand(2, 1, -1)
    for penalty in ("r1", "r2"):
        D.zero_grad()
        value = penalties.get(penalty)(D, real, real * 0.5, None, Draw(0))
        value.mean().backward()
        slopes = torch.cat([p.grad.flatten() for p in D.parameters() if p.grad is not None])
        assert value.isfinite().all()
        assert slopes.isfinite().all()
        assert slopes.abs().max() < 1e6


@pytest.mark.parametrize("name", NETS)
def test_features_can_be_matched(name):
    D, real = built(name), torch.randn(2, 1, 1000)
    fake = torch.randn(2, 1, 1000, requires_grad=True)
    feature_matching(D, real, fake, None, Draw(0)).mean().backward()
    assert fake.grad.abs().sum() > 0


def test_a_label_adds_its_projection_at_every_place():
    D = built("multi-period", classes=("a", "b"), conditional=True)
    x, labels = torch.randn(2, 1, 1000), torch.tensor([0, 1])
    plain = D(x, labels)
    assert all(torch.equal(a, b) for a, b in zip(plain.logits, D(x, 1 - labels).logits, strict=True))
    with torch.no_grad():
        for embed in D.embeds:
            embed.weight.normal_()
    told = D(x, labels)
    last = [plain.features[k] for k in range(4, 25, 5)]
    for number, (was, now) in enumerate(zip(plain.logits, told.logits, strict=True)):
        wanted = torch.einsum("bc,bcrp->brp", D.embeds[number].weight[labels], last[number])
        torch.testing.assert_close(now - was, wanted, atol=1e-5, rtol=1e-4)
    with pytest.raises(RecipeError, match="without labels"):
        D(x)
    with pytest.raises(RecipeError, match="on data without labels"):
        built("stft", conditional=True)


def test_a_panel_of_one():
    class Mean(nn.Module):
        width = 1

        def forward(self, x):
            return x.mean((1, 2)), [x]

    x = torch.randn(2, 1, 8)
    critique = Panel([Mean()])(x)
    assert torch.equal(critique.logits[0], x.mean((1, 2)))
    assert critique.features == (x,)
