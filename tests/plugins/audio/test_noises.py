import pytest
import torch

from multigan.core.draw import Draw
from multigan.plugins.audio.noises import NOISES, babble, in_band

RATE = 8000


def slope_db(x):
    """dB an octave of the mean spectrum between 100 and 2,000 Hz."""
    power = torch.fft.rfft(x).abs().square().mean(0)
    hertz = torch.fft.rfftfreq(x.shape[-1], 1 / RATE)
    inside = (hertz > 100) & (hertz < 2000)
    octave, level = hertz[inside].log2(), 10 * power[inside].log10()
    return float(((octave - octave.mean()) * (level - level.mean())).sum() / (octave - octave.mean()).square().sum())


@pytest.mark.parametrize(("name", "wanted"), [("white", 0.0), ("pink", -3.01), ("brown", -6.02)])
def test_colours_fall_as_they_should(name, wanted):
    assert slope_db(NOISES[name](Draw(0), 16, 8192, RATE)) == pytest.approx(wanted, abs=0.3)


def test_hum_is_mains_and_its_multiples():
    power = torch.fft.rfft(NOISES["hum"](Draw(0), 8, 8000, RATE)).abs().square()  # a bin a Hz
    between = power[:, 22:28].sum(1) / power.sum(1)
    assert between.max() < 0.01


def test_clicks_are_short_and_every_sound_has_one():
    made = NOISES["clicks"](Draw(0), 8, 4000, RATE)
    assert (made.abs().amax(1) > 0).all()
    share = (made.abs() > 0.05 * made.abs().amax(1, keepdim=True)).double().mean()
    assert share < 0.3


def test_shaped_noise_has_colours_of_its_own_and_swells():
    made = NOISES["shaped"](Draw(0), 24, 8000, RATE)
    slopes = [slope_db(row[None]) for row in made]
    assert max(slopes) > 1
    assert min(slopes) < -1
    loud = made.unflatten(1, (80, 100)).square().mean(2)
    swing = loud.quantile(0.9, 1) / loud.quantile(0.1, 1)
    assert swing.max() > 8 > 3 > swing.min()


def test_rows_do_not_depend_on_how_many_processes_share_the_batch():
    for noise in NOISES.values():
        whole = noise(Draw(3, 5), 4, 256, RATE)
        parts = [noise(Draw(3, 5, rank=rank, world_size=2), 2, 256, RATE) for rank in (0, 1)]
        assert (torch.cat(parts) - whole).abs().max() < 1e-5


def test_babble_is_of_other_sounds():
    x = torch.zeros(3, 100)
    x[1] = 1
    made = babble(x, Draw(0))
    assert made[1].abs().max() == 0
    assert made[[0, 2]].abs().amax(1).min() > 0
    alone = babble(torch.arange(10.0)[None], Draw(0))
    assert alone.shape == (1, 10)


def test_bands_keep_what_they_should():
    time = torch.arange(800) / RATE
    x = (2 * torch.pi * 500 * time).sin()[None]
    made = in_band(x, lambda hertz: (hertz < 1000).float(), RATE)
    assert (made - x)[:, 100:-100].abs().max() < 0.05
