import math

import pytest
import torch

from multigan.plugins.audio.mel_picture import MelPicture

RATE = 8000


def picture(samples=4096, iterations=2, bands=64):
    return MelPicture(samples, RATE, bands=bands, iterations=iterations)


def sine(hertz, samples=4096, level=1.0):
    return level * torch.sin(2 * math.pi * hertz * torch.arange(samples) / RATE).view(1, 1, -1)


def test_a_sine_at_full_scale_is_one_and_silence_minus_one():
    look = picture(bands=128)
    loud = look(sine(125.0))[0, 0]
    assert loud[:, 8:-8].amax() == pytest.approx(1, abs=0.1)
    assert torch.allclose(look(torch.zeros(1, 1, 4096)), torch.tensor(-1.0))


def test_half_the_level_is_six_decibels_less():
    look = picture()
    difference = (look(sine(400.0)) - look(sine(400.0, level=0.5)))[0, 0, :, 8:-8]
    assert difference.amax() == pytest.approx(6.02 / 40, abs=1e-3)


@pytest.mark.parametrize("hertz", [150.0, 440.0, 1500.0])
def test_a_tone_that_is_drawn_sounds_at_its_pitch(hertz):
    look = picture(8192)
    heard = look.sound(look(sine(hertz, 8192, 0.5)))[0, 0]
    peak = float(torch.fft.rfft(heard * torch.hann_window(8192)).abs().argmax()) * RATE / 8192
    width = {150.0: 40, 440.0: 60, 1500.0: 90}[hertz]  # of a band
    assert peak == pytest.approx(hertz, abs=width)
    assert float(heard.square().mean().sqrt()) == pytest.approx(0.5 / math.sqrt(2), rel=0.35)


def test_the_sound_of_a_picture_has_that_picture():
    torch.manual_seed(0)
    look, rough = picture(iterations=8), picture(iterations=0)
    wave = torch.randn(2, 1, 4096) * torch.exp(-torch.arange(4096) / 1500)
    drawn = look(wave)

    def gap(one):
        return float((look(one.sound(drawn)) - drawn).abs().mean()) * 40

    assert gap(look) < 3  # dB
    assert gap(look) < gap(rough)


def test_windows_overlap_to_the_wave_again():
    look = picture(1000)
    wave = torch.randn(2, 1000)
    assert torch.allclose(look.wave(look._spectra(wave)), wave, atol=1e-4)


@pytest.mark.parametrize("samples", [64, 65, 1000, 4352, 15_616, 22_050])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_length_and_number_of_channels(samples, channels):
    look = picture(samples)
    wave = 0.1 * torch.randn(2, channels, samples)
    drawn = look(wave)
    assert drawn.shape == (2, channels, *look.shape)
    assert look.sound(drawn).shape == wave.shape


def test_gradients_go_through_the_loudness():
    look = picture()
    drawn = look(0.3 * torch.randn(1, 1, 4096)).requires_grad_()
    look(look.sound(drawn)).mean().backward()
    assert drawn.grad.abs().sum() > 0
    assert drawn.grad.isfinite().all()
    silent = torch.zeros(1, 1, 4096, requires_grad=True)
    look(silent).mean().backward()
    assert silent.grad.isfinite().all()


def test_what_is_drawn_silent_is_silent():
    look = picture()
    assert look.sound(torch.full((1, 1, *look.shape), -1.0)).abs().max() < 1e-6
    wave = sine(440.0) * (torch.arange(4096) < 2048)
    assert look.sound(look(wave))[..., 2560:].abs().max() < 1e-3
