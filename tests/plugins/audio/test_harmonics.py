import numpy as np
import pytest
import torch

from multigan.core.errors import ShapeError
from multigan.plugins.audio.harmonics import Harmonics

RATE, SAMPLES, HOP = 8000, 1000, 64
FRAMES = -(-SAMPLES // HOP)


def tones(pitches=(440.0, 1500.0), harmonics=4, channels=1, samples=SAMPLES):
    torch.manual_seed(0)
    net = Harmonics(pitches, harmonics, 6, channels, HOP, samples, RATE)
    torch.nn.init.normal_(net.out.weight, 0, 0.4)
    return net


def test_sines_by_numpy_in_float64():
    net, hidden = tones(channels=2), torch.randn(2, 6, FRAMES)
    said = net.out(net.norm(hidden.transpose(1, 2))).detach().double().clamp(max=0).exp().numpy()  # (B, T, C·H)
    made = net(hidden, torch.tensor([0, 1])).detach().numpy()
    begins = np.arange(FRAMES) * HOP
    for row, hertz in enumerate((440.0, 1500.0)):
        for channel in range(2):
            wanted = np.zeros(SAMPLES)
            for order in range(1, 5):
                if order * hertz < RATE / 2:
                    loud = np.interp(np.arange(SAMPLES), begins, said[row, :, 4 * channel + order - 1])
                    wanted += loud * np.sin(2 * np.pi * order * hertz * np.arange(SAMPLES) / RATE)
            assert np.allclose(made[row, channel], wanted, atol=1e-5)


def test_nothing_sounds_at_half_the_rate_or_above():
    net = tones((1500.0,), harmonics=8)
    wave = net(torch.randn(1, 6, 1).expand(-1, -1, FRAMES), torch.tensor([0]))
    power = np.abs(np.fft.rfft(wave[0, 0].detach().numpy() * np.hanning(SAMPLES)))
    loudest = np.fft.rfftfreq(SAMPLES, 1 / RATE)[power > power.max() / 50]
    assert all(abs(hertz - 1500) < 50 or abs(hertz - 3000) < 50 for hertz in loudest)  # no 4500 folded to 3500


def test_the_end_of_a_long_note_is_in_tune():
    """Ten minutes on, a phase that was added up in float32 would be wrong by half a turn."""
    samples = 600 * RATE  # whole frames
    net = Harmonics((440.0,), 32, 6, 1, HOP, samples, RATE)
    last = net._sines(torch.tensor([0]), samples // HOP)[0, -1, :, -1].numpy()
    order = np.arange(1, 33)
    wanted = np.sin(2 * np.pi * ((order * 440.0 * (samples - 1) / RATE) % 1)) * (order * 440 < RATE / 2)
    assert np.allclose(last, wanted, atol=1e-3)


def test_every_weight_learns_and_labels_are_asked_for():
    net = tones()
    net(torch.randn(2, 6, FRAMES), torch.tensor([0, 1])).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in net.parameters())
    assert "pitches" not in net.state_dict()
    with pytest.raises(ShapeError, match="without labels"):
        net(torch.randn(2, 6, FRAMES), None)
