import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.features.patches import THRESHOLD, Patches, counts_of, widened


def drawn(maps, real=10, noise=2):
    patches = Patches(maps.shape[1], 6, real, noise)
    patches.draw_from(maps, Draw(0))
    return patches


def normal(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_answers_against_an_oracle_that_unfolds_the_maps():
    """float64 dot products with every patch."""
    x = normal(30, 2, 12, 11)
    patches = drawn(x)
    unfolded = F.unfold(x.double(), 6).transpose(1, 2)
    answers = unfolded @ patches.filters.double().flatten(1).T + patches.offsets.double()
    wanted = torch.cat([answers, -answers], 2).transpose(1, 2) - THRESHOLD
    torch.testing.assert_close(patches(x).double().flatten(2), wanted, rtol=1e-4, atol=1e-4)


def test_counts_against_an_oracle():
    answers = normal(5, 7, 9, 8).double()
    over = torch.cat([answers - THRESHOLD, -answers - THRESHOLD], 1)
    above, below = (part.clamp_min(0).mean((2, 3)) for part in (answers - THRESHOLD, -answers - THRESHOLD))
    wanted = torch.cat([above, below, answers.std((2, 3), correction=0)], 1)
    counts, positive = counts_of(over.clone())
    torch.testing.assert_close(counts, wanted)
    torch.testing.assert_close(positive, over.clamp_min(0))


def test_on_what_they_are_drawn_from_answers_have_mean_zero_and_like_spread():
    x = normal(200, 1, 16, 16) + 3
    answers = drawn(x)(x)[:, :12] + THRESHOLD
    assert answers.mean((0, 2, 3)).abs().max() < 0.1
    assert 0.5 < answers.std().item() < 1.5


def test_maps_smaller_than_a_patch_go_on_with_their_last_row_and_column():
    x = normal(2, 3, 4, 7)
    wide = widened(x, 6)
    assert wide.shape == (2, 3, 6, 7)
    assert torch.equal(wide[:, :, 4], x[:, :, 3])
    assert torch.equal(wide[:, :, 5], x[:, :, 3])
    assert widened(x, 4) is x
