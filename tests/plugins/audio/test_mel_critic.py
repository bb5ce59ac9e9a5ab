import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.plugins.audio.mel_critic import build_mel_critic
from tests.plugins.audio.test_timbre import WAVES, mel_spec


@pytest.mark.parametrize("channels", [1, 2])
def test_a_logit_for_every_patch_and_gradients_of_gradients(channels):
    spec = mel_spec(channels)
    D = build_mel_critic(spec, width=4)
    x = torch.rand(3, *spec.shape, requires_grad=True)
    (logits,), features = D(x)
    assert logits.shape == (3, 10, 8)
    assert len(features) == 3
    (slope,) = torch.autograd.grad(logits.sum(), x, create_graph=True)
    slope.square().sum().backward()
    assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in D.parameters())


def test_parameters_are_those_of_its_layers():
    D = build_mel_critic(mel_spec(), width=16, layers=2)
    wanted = (2 * 16 * 16 + 16) + (16 * 32 * 16 + 32) + (32 * 64 * 9 + 64) + (64 * 9 + 1)
    assert sum(p.numel() for p in D.parameters()) == wanted


def test_low_is_not_high_moved():
    D = build_mel_critic(mel_spec(), width=4)
    x = torch.rand(1, 40, 33)
    assert (D(x).logits[0] - D(x.roll(8, 1)).logits[0].roll(2, 1))[:, 4:6].abs().max() > 1e-4


def test_waves_are_refused():
    with pytest.raises(RecipeError, match=r"the net 'mel-patch' on waves.*data.form=\"mel\""):
        build_mel_critic(WAVES)
