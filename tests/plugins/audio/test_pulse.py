import math

import numpy as np
import pytest
import torch

from multigan.plugins.audio import loops
from multigan.plugins.audio.mel_picture import MelPicture
from multigan.plugins.audio.pulse import FASTEST, PHASES, SIDES, SLOWEST, TEMPI, beats, pulse_of

RATE, SAMPLES = 8000, 32_768


def clicks(tempo, first=0.3, noise=0.0):
    """A click at every beat, the first after so many seconds."""
    rng = np.random.default_rng(0)
    wave = noise * rng.normal(size=SAMPLES)
    for beat in np.arange(first, SAMPLES / RATE - 0.05, 60 / tempo):
        at = round(beat * RATE)
        wave[at : at + 300] += rng.normal(size=300) * np.exp(-np.arange(300) / 60)
    return torch.from_numpy(wave).float()[None, None] * 0.5


@pytest.mark.parametrize("tempo", [84, 100, 127, 155])
@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_tempo_and_phase_of_clicks(tempo, noise):
    picture = MelPicture(SAMPLES, RATE, bands=32, iterations=0, most_frames=math.inf)
    found, phase = pulse_of(picture(clicks(tempo, noise=noise)), picture.hop / RATE)
    assert abs(float(found) - tempo) < 1.5
    at_click = 2 * math.pi * float(found) / 60 * 0.3 + float(phase)
    assert math.cos(at_click) > 0.9


def test_the_sum_in_float64():
    pictures = torch.rand(2, 1, 3, 40, dtype=torch.float64)
    found, phase = pulse_of(pictures, 0.05)
    x = pictures.numpy()
    for row in range(2):
        rises = np.maximum(np.diff(x[row], axis=-1), 0).mean((0, 1))
        curve = (rises - rises.mean()) * torch.hann_window(39).double().numpy()
        times = (np.arange(39) + 0.5) * 0.05
        tempi, phases = np.linspace(SLOWEST, FASTEST, TEMPI), np.arange(PHASES) * 2 * np.pi / PHASES
        angles = 2 * np.pi * tempi[:, None, None] / 60 * times + phases[:, None]
        fit = sum((curve * np.cos(h * angles)).sum(-1) for h in (1, 2, 4))
        tempo_at, phase_at = np.unravel_index(fit.argmax(), fit.shape)
        assert float(found[row]) == pytest.approx(tempi[tempo_at], abs=1e-3)
        assert float(phase[row]) == pytest.approx(phases[phase_at], abs=1e-3)


def test_silence_has_some_pulse_and_no_nan():
    found, phase = pulse_of(torch.zeros(1, 1, 4, 20), 0.016)
    assert SLOWEST <= float(found) <= FASTEST
    assert math.isfinite(float(phase))


def test_places_between_beats_go_on_where_they_ended():
    tempo, phase = torch.tensor([90.0, 120.0]), torch.tensor([0.3, -1.0])
    whole = beats(tempo, phase, 50, 0.064)
    assert whole.shape == (2, SIDES, 50)
    assert torch.allclose(beats(tempo, phase, 20, 0.064, first=30), whole[..., 30:], atol=1e-6)
    angle = 2 * math.pi * 120 / 60 * 7.5 * 0.064 - 1.0
    wanted = [wave(h * angle) for h in (1, 2, 4) for wave in (math.cos, math.sin)]
    assert torch.allclose(whole[1, :, 7], torch.tensor(wanted), atol=1e-6)
    assert torch.allclose(beats(tempo, phase, 1, 0.064, 10**7).square().sum(1), torch.full((2, 1), 3.0), atol=1e-5)


class Listening:
    """Draws of loops, of which the tempi are kept."""

    def __init__(self, rng):
        self.rng, self.tempi = rng, []

    def __getattr__(self, name):
        return getattr(self.rng, name)

    def uniform(self, low, high, *more):
        drawn = self.rng.uniform(low, high, *more)
        if (low, high) == (loops.SLOWEST, loops.FASTEST):
            self.tempi.append(drawn)
        return drawn


def test_the_tempo_of_loops_is_heard_in_two_seconds():
    rng = Listening(np.random.default_rng(3))
    waves = torch.from_numpy(np.stack([loops._loop(rng, SAMPLES // 2, RATE) for _ in range(10)])).float()[:, None]
    picture = MelPicture(SAMPLES // 2, RATE, bands=64, iterations=0, most_frames=math.inf)
    found, _ = pulse_of(picture(0.9 * waves / waves.abs().amax(2, keepdim=True)), picture.hop / RATE)
    assert (np.abs(found.numpy() / np.array(rng.tempi) - 1) < 0.03).sum() >= 9
