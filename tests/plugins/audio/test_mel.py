import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.audio.mel import MultiScaleMel, log_mel_distance

RATE = 8000


def tone(hertz, samples=4096, gain=0.5):
    return gain * torch.sin(2 * torch.pi * hertz * torch.arange(samples) / RATE)[None, None]


def call(real, fake):
    return MultiScaleMel(RATE)(None, real, fake, None, Draw(0))


def test_equal_sounds_are_at_zero_and_other_pitches_are_not():
    assert call(tone(440), tone(440)).item() == 0
    assert call(tone(440), tone(460)).item() < call(tone(440), tone(1500)).item()


def test_a_gain_is_its_logarithm():
    noise = torch.randn(1, 1, 4096, generator=torch.Generator().manual_seed(0)) * 0.1
    assert call(noise, 10 * noise).item() == pytest.approx(1.0, abs=0.02)
    assert log_mel_distance(noise, 10 * noise, RATE).item() == pytest.approx(20.0, abs=0.5)


def test_the_gradient_reaches_the_fake_and_samples_do_not_mix():
    real, fake = torch.cat([tone(440), tone(900)]), torch.cat([tone(500), tone(300)]).requires_grad_()
    values = call(real, fake)
    values[0].backward()
    assert fake.grad[0].abs().sum() > 0
    assert fake.grad[1].abs().sum() == 0


def test_a_sound_shorter_than_every_window_is_compared_as_a_wave():
    assert call(torch.zeros(1, 1, 64), torch.ones(1, 1, 64)).item() == 1


def test_only_sounds_have_it():
    with pytest.raises(RecipeError, match="'mel' on image"):
        MultiScaleMel.build(modalities.get("image"), Spec("image", (1, 8, 8)))
