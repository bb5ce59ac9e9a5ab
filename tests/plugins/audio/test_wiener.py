import torch

from multigan.core.draw import Draw
from multigan.plugins.audio.noises import NOISES
from multigan.plugins.audio.sdr import si_sdr
from multigan.plugins.audio.voices import synthesise_voices
from multigan.plugins.audio.wiener import wiener


def test_steady_noise_is_taken_out_and_a_voice_stays():
    voice = torch.from_numpy(synthesise_voices(1, 16_000, 8000)[0]).float()[None, None] / 32767
    noise = NOISES["white"](Draw(0), 1, 16_000, 8000)
    noisy = voice + noise * voice.norm() / noise.norm() / 10 ** (5 / 20)
    made = wiener(noisy, 8000)
    assert made.shape == noisy.shape
    assert float(si_sdr(voice, made) - si_sdr(voice, noisy)) > 2
    assert wiener(torch.zeros(1, 2, 999), 8000).abs().max() == 0
