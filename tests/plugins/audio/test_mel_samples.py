import math

import numpy as np
import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.types import Data, Spec
from multigan.plugins import modalities
from multigan.plugins.audio.data import Sounds
from multigan.plugins.audio.mel_samples import as_mel, from_sound, scaled, scaled_mel_of, sound_of, unscaled, waves

AUDIO = modalities.get("audio")


def loaded(samples=2048, form="mel", channels=1):
    return AUDIO.load("low-voices", samples=samples, sample_rate_hz=8000, form=form, channels=channels)


def test_items_are_the_same_and_seen_as_spectra():
    data, plain = loaded(), loaded(form="waves")
    assert (data.spec.shape, plain.spec.shape) == ((40, 33), (1, 2048))
    assert len(data.items) == len(plain.items)
    raw = data.items.take(torch.arange(3), _draw())
    real = AUDIO.to_real(raw, data.spec)
    assert real.shape == (3, 40, 33)
    assert real.dtype == torch.float32
    assert -1 <= real.min() < -0.5 < 0 < real.max() <= 1


def _draw():
    from multigan.core.draw import Draw

    return Draw(0)


def test_a_sine_at_full_scale_is_about_one_and_silence_minus_one():
    mel = scaled_mel_of(loaded().spec)
    time = torch.arange(2048) / 8000
    seen = from_sound((2 * math.pi * 1000 * time).sin()[None, None], mel)
    assert abs(float(seen.max()) - 1) < 0.1
    assert (from_sound(torch.zeros(1, 1, 2048), mel) == -1).all()


@pytest.mark.parametrize(("rate", "top"), [(8000, 1.0), (16_000, 10**0.5), (44_100, 10**1.5)])
def test_loud_tones_are_not_cut_off_at_any_rate(rate, top):
    """Long windows sum more up: without `top` tones at 44,100 Hz were 25 dB beyond 1, all as loud."""
    samples = 32_768
    spec = Spec("audio", (1, samples), meta={"sample_rate_hz": rate})
    mel = scaled_mel_of(as_mel(Data(Sounds([], samples, anywhere=False), spec)).spec)
    assert mel.top == pytest.approx(top)
    time = torch.arange(samples) / rate
    for hertz in (110, 1000, 3000):
        loud, faint = (from_sound((level * (2 * math.pi * hertz * time).sin())[None, None], mel) for level in (1, 0.1))
        assert float(loud.max()) < 1 + 1e-6
        assert float(loud.max()) - float(faint.max()) == pytest.approx(0.5, abs=0.13)
    x = torch.tensor([-1.0, 0.5])
    assert torch.allclose(scaled(unscaled(x, mel), mel), x, atol=1e-6)


def test_the_scale_is_decibels_as_float64_has_them():
    mel = scaled_mel_of(loaded().spec)
    x = torch.tensor([-1.0, 0.0, 1.0])
    np.testing.assert_allclose(unscaled(x, mel).numpy(), [math.log(1e-4), math.log(1e-2), 0.0], atol=1e-6)


def test_gradients_pass_where_nothing_is_cut_off():
    mel = scaled_mel_of(loaded().spec)
    x = (torch.randn(1, 1, 2048) * 0.1).requires_grad_()
    from_sound(x, mel).sum().backward()
    assert torch.isfinite(x.grad).all()
    assert x.grad.abs().sum() > 0


@pytest.mark.parametrize("channels", [1, 2])
def test_they_are_heard_and_have_the_features_of_sounds(channels):
    data = loaded(channels=channels)
    real = AUDIO.to_real(data.items.take(torch.arange(2), _draw()), data.spec)
    assert waves(real, data.spec).shape == (2, channels, 2048)
    ((wave, rate), _) = AUDIO.render(real, data.spec)
    assert (wave.shape, rate) == ((2048,) if channels == 1 else (2048, 2), 8000)
    assert AUDIO.features(real, data.spec).shape == (2, 256)
    assert AUDIO.picture(real, data.spec).shape[:3] == (2, 1, 64)
    assert AUDIO.shown_to_judge([], data.spec)(real).shape[0] == 2
    assert AUDIO.closeness(real, real, data.spec)[1].abs().max() < 1e-4


def test_what_is_heard_has_the_spectrum_it_was_made_of():
    data = loaded()
    mel = scaled_mel_of(data.spec)
    real = AUDIO.to_real(data.items.take(torch.tensor([1, 5]), _draw()), data.spec)
    again = from_sound(sound_of(real, mel), mel)
    assert (again - real).abs().mean() < 0.05  # 2 dB of 80


def test_slices_that_are_no_whole_hops_are_refused():
    with pytest.raises(RecipeError, match=r"sounds of 2,000 samples.*type --set data.samples=1984"):
        loaded(2000)
