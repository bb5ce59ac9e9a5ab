import torch

from multigan.core.draw import Draw
from multigan.plugins.image import modality
from multigan.plugins.image.outlined import LINE, PAPER, outlined


def test_the_outline_is_what_a_pixels_neighbours_have_more_than_it():
    digit = torch.zeros(1, 1, 5, 5, dtype=torch.uint8)
    digit[0, 0, 2, 2] = 255
    made = outlined(digit)
    assert made[0, :, 0, 0].tolist() == list(PAPER)
    assert made[0, :, 2, 2].tolist() == list(PAPER)
    assert made[0, :, 1, 3].tolist() == list(LINE)
    assert (outlined(torch.full((1, 1, 3, 3), 7, dtype=torch.uint8))[0, :, 1, 1] == torch.tensor(PAPER)).all()


def test_the_two_sets_share_no_digit():
    digits = modality.load("digits").items.take(torch.arange(1797), Draw(0))
    plain, made = modality.load("plain-digits"), modality.load("outlined-digits")
    assert (len(plain.items), len(made.items)) == (899, 898)
    assert torch.equal(plain.items.take(torch.arange(899), Draw(0)), digits[0::2].repeat(1, 3, 1, 1))
    assert torch.equal(made.items.take(torch.arange(898), Draw(0)), outlined(digits[1::2]))
    assert plain.spec.shape == made.spec.shape == (3, 16, 16)
    assert len(made.labels) == 898
    assert len(modality.load("outlined-digits", flip=True, size=8).items) == 2 * 898
