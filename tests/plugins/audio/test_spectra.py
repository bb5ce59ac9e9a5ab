import math

import numpy as np
import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.audio import spectra
from multigan.plugins.audio.hiss import Hiss
from multigan.plugins.audio.mel_picture import MelPicture
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


def test_noise_of_waves_shorter_than_every_window_is_learnt_from_the_shortest():
    term = MultiScaleSpectra.build(modalities.get("audio"), SPEC)
    short, quiet = NOISE[..., :64], torch.zeros(3, 1, 64)
    power = torch.full((3, 1, 65), 1e-6, requires_grad=True)
    gaps = [term.expected(short, quiet, Hiss(loud * power, 32, 64), Draw(0)).sum() for loud in (1, 100)]
    gaps[0].backward()
    assert (power.grad < 0).any()  # louder is nearer
    assert gaps[1] < gaps[0]


def test_only_sounds_have_spectra():
    with pytest.raises(RecipeError, match="'spectra' on image"):
        MultiScaleSpectra.build(modalities.get("image"), Spec("image", (1, 8, 8)))


def by_hand(real, fake, window, late, coarse):
    """The term of one window in float64: a transform of every piece, and bands that are summed."""
    shape = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    powers = []
    for x in (real, fake):
        x = np.pad(x.double().numpy(), (late + window // 2, window // 2))
        starts = range(0, len(x) - window + 1, window // 2)
        bins = np.stack([np.fft.rfft(x[start : start + window] * shape) for start in starts])
        powers.append((2 * np.abs(bins) / shape.sum()) ** 2)
    gap = 10 * np.abs((powers[0] + 1e-8) ** 0.25 - (powers[1] + 1e-8) ** 0.25).mean()
    bank = spectra._bank(window, 8000).double().numpy()
    fine = [power @ bank for power in powers]
    for bands, weight in ((None, 1), (8, coarse), (1, coarse)):
        split = [fine[k] if bands is None else summed(fine[k], bands) for k in (0, 1)]
        gap += weight * np.abs(np.log(split[0] + 1e-8) - np.log(split[1] + 1e-8)).mean() / 10
    return gap


def summed(power, bands):
    return np.stack([part.sum(-1) for part in np.array_split(power, bands, -1)], -1)


@pytest.mark.parametrize("coarse", [0.0, 0.5])
def test_it_is_what_the_formula_says(coarse):
    draw, fake = Draw(3, 7), 0.5 * NOISE.flip(0)
    lates = [spectra._late(window, draw) for window in spectra.WINDOWS]
    for real, made, found in zip(NOISE, fake, gap_at(draw, NOISE, fake, coarse=coarse), strict=True):
        parts = [by_hand(real[0], made[0], w, late, coarse) for w, late in zip(spectra.WINDOWS, lates, strict=True)]
        assert found.item() == pytest.approx(np.mean(parts), rel=1e-4)


def gap_at(draw, real, fake, **options):
    return MultiScaleSpectra.build(modalities.get("audio"), SPEC, **options)(None, real, fake, None, draw)


def test_windows_stand_elsewhere_in_every_step_and_alike_in_every_process():
    steps = [[spectra._late(window, Draw(0, step)) for window in spectra.WINDOWS] for step in range(50)]
    for window, lates in zip(spectra.WINDOWS, zip(*steps, strict=True), strict=True):
        assert 0 <= min(lates) < window / 10
        assert window * 0.4 < max(lates) < window / 2
    assert steps[4] == [spectra._late(window, Draw(0, 4, rank=1, world_size=2)) for window in spectra.WINDOWS]


def test_noise_may_be_told_by_what_it_has_on_average():
    """Beside white noise its mean is nearer than another draw, as near wherever one looks, and of one size."""
    picture = MelPicture(2048, 8000, bands=16, iterations=0)
    bins = len(picture.window) // 2 + 1
    draws = torch.randn(2, 40, picture.frames, bins, generator=torch.Generator().manual_seed(2)) / 2**0.5
    waves = picture.wave(torch.complex(*draws))[:, None]
    hiss = Hiss(torch.ones(20, picture.frames, bins), picture.hop, 2048)
    term = MultiScaleSpectra.build(modalities.get("audio"), SPEC)
    mean = term.expected(waves[:20], torch.zeros_like(waves[:20]), hiss, Draw(0))
    drawn = term(None, waves[:20], waves[20:], None, Draw(0))
    assert 0.55 < (mean.mean() / drawn.mean()).item() < 0.85
    # And nothing is nearest in place of what is as loud.
    for factor in (0.25, 4.0):
        other = Hiss(factor * hiss.power, picture.hop, 2048)
        assert term.expected(waves[:20], torch.zeros_like(waves[:20]), other, Draw(0)).mean() > 1.4 * mean.mean()


def test_coarse_bands_weigh_a_loss_of_power_that_fine_bands_hardly_see():
    time = torch.arange(2048) / 8000
    real = 0.3 * torch.sin(2 * math.pi * 1000 * time).expand(1, 1, -1) + 0.001 * NOISE[:1]
    quiet = 0.3 * 0.3 * torch.sin(2 * math.pi * 1000 * time).expand(1, 1, -1) + 0.001 * NOISE[:1]
    fine = gap(real, quiet) - gap(real, quiet, logarithm=0.0)
    both = gap(real, quiet, coarse=0.5) - gap(real, quiet, logarithm=0.0)
    assert both > 3 * fine
