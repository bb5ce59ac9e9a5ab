import torch

from multigan.core.draw import Draw
from multigan.plugins.image.degrade import Hole
from multigan.plugins.image.membrane import membrane


def cut(x, least=0.3, most=0.6):
    source = Hole(least, most)(x, Draw(0, 0, "holes"))
    return source[:, :-1], source[:, -1:]


def test_a_constant_stays_and_what_is_known_stays_bit_for_bit():
    known, hole = cut(torch.full((3, 2, 13, 21), 0.4))
    assert (membrane(known, hole, 3) - 0.4).abs().max() < 1e-6
    x = torch.rand(3, 2, 13, 21) * 2 - 1
    known, hole = cut(x)
    filled = membrane(known, hole, 3)
    assert torch.equal(filled[(hole == 0).expand_as(x)], x[(hole == 0).expand_as(x)])
    assert filled.abs().max() <= 1 + 1e-6


def test_what_a_hole_holds_does_not_matter():
    known, hole = cut(torch.rand(2, 1, 16, 16))
    assert torch.allclose(membrane(known + 7 * hole, hole, 3), membrane(known, hole, 3), atol=1e-6)


def test_a_slope_is_nearly_that_of_laplaces_equation():
    slope = torch.linspace(-1, 1, 16, dtype=torch.float64).expand(1, 1, 16, 16)
    hole = torch.zeros(1, 1, 16, 16, dtype=torch.float64)
    hole[..., 5:11, 4:12] = 1
    error = (membrane(slope * (1 - hole), hole, 3) - slope).abs()
    assert error.max() < 0.05
    nothing = (slope * (1 - hole)).sum() / (1 - hole).sum()
    assert error.max() < 0.1 * (slope - nothing).abs().max()


def test_pictures_without_a_known_pixel_and_holes_larger_than_the_pyramid():
    none = torch.zeros(1, 3, 8, 8)
    assert torch.equal(membrane(none, torch.ones(1, 1, 8, 8), 2), none)
    known, hole = torch.full((1, 1, 32, 32), 0.5), torch.ones(1, 1, 32, 32)
    hole[..., 0] = 0
    assert (membrane(known, hole, 1) - 0.5).abs().max() < 1e-6
