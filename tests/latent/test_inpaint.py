import torch

from multigan.generator.generator import load
from multigan.latent.inpaint import composite, inpaint, linear_fill
from multigan.latent.invert import Search


def test_what_was_known_stays_bit_for_bit_and_the_hole_is_not_looked_at(tiny_runs):
    generator = load(tiny_runs("image/digits"))
    targets = generator.tensors(2, 5) + 1e-3
    hole = torch.zeros(generator.spec.shape, dtype=torch.bool)
    hole[:, 2:5, 3:6] = True
    search = Search(steps=3, starts=1)
    filled, found = inpaint(generator, targets, hole, search)
    assert torch.equal(filled[:, ~hole], targets[:, ~hole])
    assert torch.equal(filled[:, hole], found.fake[:, hole])
    spoilt = torch.where(hole, 9.0, targets)
    assert torch.equal(inpaint(generator, spoilt, hole, search)[0], filled)


def test_composite_takes_each_from_its_side():
    hole = torch.tensor([True, False])
    assert composite(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]), hole).tolist() == [[3.0, 2.0]]


def test_straight_lines_across_a_hole():
    line = torch.tensor([[[0.0, 9.0, 9.0, 3.0, 9.0]]])
    hole = torch.tensor([[False, True, True, False, True]])
    assert linear_fill(line, hole).tolist() == [[[0.0, 1.0, 2.0, 3.0, 3.0]]]
    picture = torch.arange(8.0).view(1, 1, 2, 4)
    rows = torch.zeros(1, 2, 4, dtype=torch.bool)
    rows[0, 0] = True
    assert linear_fill(picture, rows)[0, 0, 0].tolist() == [5.5] * 4  # a row without neighbours: the mean of the rest
    assert torch.equal(linear_fill(picture, rows)[0, 0, 1], picture[0, 0, 1])
