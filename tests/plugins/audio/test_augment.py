import pytest
import torch

from multigan.core.draw import Draw
from multigan.plugins.audio.augment import AUGMENTATIONS, gain, noise, polarity, time_mask, time_shift

X = torch.rand(64, 2, 160, generator=torch.Generator().manual_seed(0)) + 0.1


def test_gain_is_at_most_six_decibels_and_one_per_sound():
    factors = gain(X, Draw(0)) / X
    torch.testing.assert_close(factors, factors[:, :1, :1].expand_as(factors))
    level_db = 20 * factors[:, 0, 0].log10()
    assert -6.01 < level_db.min() < -4
    assert 4 < level_db.max() < 6.01


def test_polarity_turns_about_half():
    turned = polarity(X, Draw(0))[:, 0, 0] < 0
    assert 16 < turned.sum() < 48
    assert torch.equal(polarity(X, Draw(0)).abs(), X)


def test_shifts_reach_a_sixteenth_with_silence_coming_in():
    silent = (time_shift(X, Draw(0)) == 0)[:, 0].sum(1)
    assert silent.max() == 10
    assert len(silent.unique()) > 5


def test_the_mask_is_one_eighth_in_one_piece():
    masked = (time_mask(X, Draw(0)) == 0)[:, 0]
    assert (masked.sum(1) == 20).all()
    assert ((masked[:, 1:] != masked[:, :-1]).sum(1) <= 2).all()


def test_noise_is_faint():
    added = noise(X, Draw(0)) - X
    assert 0 < added.std() < 0.01
    assert added.flatten(1).std(1).min() < 0.002


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_gradients_are_right(name):
    x = torch.randn(2, 1, 16, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: AUGMENTATIONS[name](x, Draw(1)), (x,))
