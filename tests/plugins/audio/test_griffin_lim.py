import pytest
import torch
from torchaudio.functional import griffinlim

from multigan.plugins.audio.griffin_lim import griffin_lim, heard, through
from multigan.plugins.audio.mel_analysis import MelAnalysis
from multigan.plugins.audio.vocoding import spectral_distance
from tests.plugins.audio.test_mel_definition import made


def tone(samples=4096):
    return 0.5 * torch.sin(2 * torch.pi * 500 * torch.arange(samples) / 8000)[None, None]


@pytest.mark.parametrize("pad", ["same", "centre"])
def test_waves_lie_where_they_lay(pad):
    """A click comes back where it was, to a few samples: the two ways of padding lie half a hop apart."""
    x = torch.zeros(1, 1, 4096)
    x[..., 2000] = 0.9
    analysis = MelAnalysis(made(8000, 4096, pad=pad))
    back = heard(analysis, analysis(x), 32)
    assert back.shape == x.shape
    power = back[0, 0].square()
    assert float((power * torch.arange(4096)).sum() / power.sum()) == pytest.approx(2000, abs=16)


@pytest.mark.parametrize("pad", ["same", "centre"])
def test_more_iterations_come_nearer(pad):
    analysis = MelAnalysis(made(8000, 4096, pad=pad))
    spectra = analysis(tone() + 0.05 * torch.randn(1, 1, 4096, generator=torch.Generator().manual_seed(0)))
    near = [float((analysis(heard(analysis, spectra, n)) - spectra).abs().mean()) for n in (0, 4, 32)]
    assert near[0] > near[1] > near[2]


def test_it_is_torchaudios():
    analysis = MelAnalysis(made(8000, 4096))
    sizes = analysis.sizes(analysis(tone()))
    padded = torch.cat([sizes[..., :1], sizes, sizes[..., -1:]], -1)
    wanted = griffinlim(padded, torch.hann_window(256), 256, 64, 256, 1.0, 8, 0.99, None, False)
    assert torch.equal(griffin_lim(analysis, sizes, 8), wanted[..., 64:-64])


def test_one_spectrum_is_one_sound_whatever_lies_beside_it():
    """As many beside it, that is: of other numbers products round otherwise, and what is faint may turn another way."""
    analysis = MelAnalysis(made(8000, 4096))
    one, other = (analysis(tone() * torch.tensor([k, 1.0, k])[:, None, None]) for k in (0.1, 0.7))
    assert torch.equal(heard(analysis, one, 8)[1], heard(analysis, other, 8)[1])


@pytest.mark.parametrize("pad", ["same", "centre"])
def test_sizes_with_the_phases_of_a_wave_are_that_wave(pad):
    analysis = MelAnalysis(made(8000, 4096, pad=pad))
    sizes = analysis.sizes(analysis(tone())).requires_grad_()
    wave = griffin_lim(analysis, sizes, 32)
    again = through(analysis, sizes, wave)
    assert again.shape == wave.shape
    assert (again - wave).abs().mean() < 0.1 * wave.abs().mean()
    again.square().sum().backward()
    assert sizes.grad.abs().sum() > 0


def test_what_is_heard_is_near_the_tone():
    analysis = MelAnalysis(made(8000, 4096))
    assert spectral_distance(tone(), heard(analysis, analysis(tone()), 32)).item() < 2
