import pytest
import torch

from multigan.core.draw import Draw
from multigan.plugins.audio.shuffle import phase_shuffle, shift_reflect


@pytest.mark.parametrize("shift", [-2, -1, 0, 1, 2])
def test_a_fixed_shift_is_reflect_padding_and_cropping(shift):
    x = torch.randn(1, 3, 10)
    padded = torch.nn.functional.pad(x, (max(shift, 0), max(-shift, 0)), mode="reflect")
    expected = padded[..., :10] if shift >= 0 else padded[..., -shift:]
    assert torch.equal(shift_reflect(x, torch.tensor([shift])), expected)


def test_off_is_the_identity():
    x = torch.randn(4, 2, 10)
    assert phase_shuffle(x, 0, Draw(0)) is x
    assert phase_shuffle(x, 2, None) is x


def test_every_sample_has_its_own_shift_within_the_radius():
    x = torch.arange(100.0).expand(500, 1, 100)
    out = phase_shuffle(x, 2, Draw(0))
    shifts = 50 - out[:, 0, 50]
    assert set(shifts.tolist()) == {-2.0, -1.0, 0.0, 1.0, 2.0}
    one = phase_shuffle(x, 2, Draw(0), per_batch=True)
    assert len((50 - one[:, 0, 50]).unique()) == 1


def test_gradients_pass():
    x = torch.randn(3, 2, 8, requires_grad=True)
    phase_shuffle(x, 2, Draw(0)).square().sum().backward()
    assert x.grad.abs().sum() > 0
