import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.features.patches import PLACES, THRESHOLD, PatchCounts


def drawn(x):
    counts = PatchCounts(x.shape[1])
    counts.draw_from(x, Draw(0))
    return counts


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_patches_of_a_picture_smaller_than_one_and_larger_than_the_places():
    small, large = noise(20, 3, 4, 5), noise(20, 3, 150, 90)
    for x in (small, large):
        counts = drawn(x)
        assert counts.seen(x).shape == (20, counts.dim)
        assert counts.seen(x).isfinite().all()


def test_answers_against_an_oracle_that_unfolds_the_picture():
    """The first scale: float64 dot products with every patch."""
    x = noise(30, 2, 12, 11)
    counts = drawn(x)
    patches = F.unfold(x.double(), 6).transpose(1, 2)
    answers = patches @ counts.filters_0.double().flatten(1).T + counts.offsets_0.double()
    above = (answers - THRESHOLD).clamp_min(0).mean(1)
    below = (-answers - THRESHOLD).clamp_min(0).mean(1)
    wanted = torch.cat([above, below, answers.std(1, correction=0)], 1)
    torch.testing.assert_close(counts.seen(x)[:, : wanted.shape[1]].double(), wanted, rtol=1e-4, atol=1e-4)


def test_on_what_they_are_drawn_from_answers_have_mean_zero():
    x = noise(200, 1, 16, 16) + 3
    counts = drawn(x)
    answers = F.conv2d(x, counts.filters_0, counts.offsets_0)
    assert answers.mean((0, 2, 3)).abs().max() < 0.1
    assert 0.5 < answers.std().item() < 1.5


def test_large_pictures_are_looked_at_in_strides_at_their_own_size():
    """A checkerboard of single pixels, which shrinking would hide."""
    x = noise(10, 1, 2 * PLACES + 20, 2 * PLACES)
    board = (torch.arange(x.shape[2])[:, None] + torch.arange(x.shape[3])) % 2 * 2.0 - 1
    counts = drawn(x)
    change = (counts.seen(x + board) - counts.seen(x)).abs().max()
    assert change > 10 * (counts.seen(x + 1e-3 * board) - counts.seen(x)).abs().max()
