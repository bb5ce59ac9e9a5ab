import math

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.audio import spectra
from multigan.plugins.audio.spectra import MultiScaleSpectra

SPEC = Spec("audio", (1, 2048), (), {"sample_rate_hz": 8000})
NOISE = 0.1 * torch.randn(3, 1, 2048, generator=torch.Generator().manual_seed(0))


def gap(real, fake, **options):
    term = MultiScaleSpectra.build(modalities.get("audio"), SPEC, **options)
    return term(None, real, fake, None, Draw(0))


def test_a_sine_at_full_scale_has_power_one():
    time = torch.arange(2048) / 8000
    sine = torch.sin(2 * math.pi * 1000 * time)[None]
    assert spectra._powers(sine, 512)[0, 4].max() == pytest.approx(1, abs=1e-3)


def test_nothing_between_a_sound_and_itself_or_its_negative():
    assert torch.equal(gap(NOISE, NOISE), torch.zeros(3))
    assert torch.allclose(gap(NOISE, -NOISE), torch.zeros(3), atol=1e-5)


def test_faint_and_loud_parts_both_count_and_each_sound_alone():
    faint = NOISE * torch.tensor([1.0, 0.01, 1e-5]).view(3, 1, 1)
    gaps = gap(NOISE, faint)
    assert gaps[0] == 0
    assert 0 < gaps[1] < gaps[2]


def test_two_channels_are_two_sounds():
    stereo, other = NOISE.expand(3, 2, -1), torch.cat([NOISE, torch.zeros_like(NOISE)], 1)
    assert torch.allclose(gap(stereo, other), gap(NOISE, torch.zeros_like(NOISE)) / 2, rtol=1e-4)


def test_silence_has_gradients_that_are_finite_also_in_the_second_order():
    fake = torch.zeros(2, 1, 2048, requires_grad=True)
    (slope,) = torch.autograd.grad(gap(NOISE[:2], fake, logarithm=0.0).sum(), fake, create_graph=True)
    assert slope.isfinite().all()
    (second,) = torch.autograd.grad(slope.square().sum(), fake)
    assert second.isfinite().all()
    quiet = (1e-4 * NOISE[:2]).requires_grad_()
    gap(NOISE[:2], quiet).sum().backward()
    assert quiet.grad.isfinite().all()


def test_waves_shorter_than_every_window_are_compared_as_they_are():
    short = NOISE[..., :64]
    assert torch.allclose(gap(short, 0 * short), short.abs().mean((1, 2)))


def test_only_sounds_have_spectra():
    with pytest.raises(RecipeError, match="'spectra' on image"):
        MultiScaleSpectra.build(modalities.get("image"), Spec("image", (1, 8, 8)))
