import pytest
import torch

from multigan.plugins.audio.causal import Frames, window_of


@pytest.mark.parametrize(("rate", "window"), [(8_000, 256), (16_000, 512), (11_025, 256), (44_100, 1024), (1_000, 32)])
def test_windows_last_32_ms_or_a_little_less(rate, window):
    assert window_of(rate) == window


@pytest.mark.parametrize("samples", [1, 63, 64, 65, 1000])
def test_what_is_not_changed_comes_back(samples):
    frames, x = Frames(64), torch.randn(2, samples)
    cut = frames.cut(x)
    assert cut.shape == (2, frames.count(samples), 64)
    back = frames.joined(frames.waves(frames.spectra(cut)), samples)
    assert (back - x).abs().max() < 1e-5


def test_spectra_are_those_of_torch():
    frames, x = Frames(64), torch.randn(1, 64)
    window = torch.hann_window(64, periodic=True).sqrt()
    wanted = torch.fft.rfft(x.double() * window)
    found = frames.spectra(x[:, None])[0, 0].double()
    assert torch.allclose(found, torch.cat([wanted.real, wanted.imag], 1)[0], atol=1e-4)
