import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.features.patch_counts import PLACES, ROOM, PatchCounts


def drawn(x):
    counts = PatchCounts(x.shape[1])
    counts.draw_from(x, Draw(0))
    return counts


def normal(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("sides", [(1, 1), (4, 5), (8, 8), (150, 90)])
def test_pictures_smaller_than_a_patch_and_larger_than_the_places(sides):
    x = normal(20, 3, *sides)
    counts = drawn(x)
    assert counts.seen(x).shape == (20, counts.dim)
    assert counts.dim == 576
    assert counts.seen(x).isfinite().all()
    assert counts.seen(x).min() >= 0


def test_both_layers_against_an_oracle_in_plain_words():
    """The first scale in float64: soft thresholds, averages over 4 x 4 in steps of 2, roots, soft thresholds again."""
    x = normal(30, 2, 18, 17)
    net = drawn(x).double()
    rows, maps = [], x.double()
    for layer in (net.first[0], net.second[0]):
        answers = F.conv2d(maps, layer.filters, layer.offsets)
        rectified = torch.cat([(answers - 0.5).clamp_min(0), (-answers - 0.5).clamp_min(0)], 1)
        rows += [rectified.mean((2, 3)), answers.std((2, 3), correction=0)]
        if layer is net.first[0]:
            maps = (rectified.unfold(2, 4, 2).unfold(3, 4, 2).mean((4, 5)) + ROOM).sqrt()
    found = net.seen(x.double()).tensor_split(4, 1)
    torch.testing.assert_close(found[0], torch.cat(rows[2:], 1))
    torch.testing.assert_close(found[2], torch.cat(rows[:2], 1))


def test_a_picture_does_not_depend_on_those_beside_it():
    x = normal(40, 3, 20, 20)
    counts = drawn(x)
    torch.testing.assert_close(counts.seen(x)[7:9], counts.seen(x[7:9]), rtol=1e-4, atol=1e-5)


def test_large_pictures_are_looked_at_in_strides_at_their_own_size():
    """A checkerboard of single pixels, which shrinking would hide."""
    x = normal(10, 1, 2 * PLACES + 20, 2 * PLACES)
    board = (torch.arange(x.shape[2])[:, None] + torch.arange(x.shape[3])) % 2 * 2.0 - 1
    counts = drawn(x)
    change = (counts.seen(x + board) - counts.seen(x)).abs().max()
    assert change > 10 * (counts.seen(x + 1e-3 * board) - counts.seen(x)).abs().max()
