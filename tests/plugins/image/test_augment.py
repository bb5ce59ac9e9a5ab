import pytest
import torch

from multigan.core.draw import Draw
from multigan.plugins.image.augment import AUGMENTATIONS, colour, cutout, flip, translate

X = torch.randn(64, 3, 16, 24, generator=torch.Generator().manual_seed(0))


def test_translation_moves_by_at_most_an_eighth_and_brings_in_zeros():
    out = translate(torch.ones(64, 1, 16, 24), Draw(0))
    rows, columns = (out.amax((1, 3)) == 0).sum(1), (out.amax((1, 2)) == 0).sum(1)
    assert rows.max() == 2
    assert columns.max() == 3
    assert len(rows.unique()) == 3


def test_translation_is_a_translation():
    x = torch.zeros(32, 1, 16, 16)
    x[:, :, 8, 8] = 1
    place = translate(x, Draw(0)).flatten(1).argmax(1)
    reached = {(int(p) // 16 - 8, int(p) % 16 - 8) for p in place}
    assert {max(abs(a), abs(b)) for a, b in reached} <= {0, 1, 2}
    assert len(reached) > 8


def test_cutout_zeroes_a_quarter_at_most_and_changes_nothing_else():
    out = cutout(X, Draw(0))
    hole = (out == 0)[:, 0]
    assert hole.sum((1, 2)).max() <= 8 * 12
    assert hole.sum((1, 2)).min() >= 4 * 6
    assert torch.equal(out[~(out == 0)], X[~(out == 0)])


def test_colour_is_affine_in_the_picture_and_keeps_grey_grey():
    grey = torch.full((8, 3, 4, 4), 0.2)
    out = colour(grey, Draw(0))
    torch.testing.assert_close(out, out[:, :1, :1, :1].expand_as(out))
    assert (out - grey).abs().max() <= 0.5
    assert len(out[:, 0, 0, 0].unique()) == 8


def test_flip_mirrors_about_half():
    mirrored = (flip(X, Draw(0)) == X.flip(3)).flatten(1).all(1)
    assert 16 < mirrored.sum() < 48
    assert torch.equal(flip(X, Draw(0))[~mirrored], X[~mirrored])


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_gradients_are_right(name):
    x = torch.randn(2, 2, 4, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: AUGMENTATIONS[name](x, Draw(1)), (x,))
