import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.plugins.text.augment import AUGMENTATIONS, swap, token_dropout

IDS = torch.arange(6).expand(64, -1)
X = F.one_hot(IDS, 9).float()


def test_dropped_tokens_are_uniform_and_about_a_tenth():
    out = token_dropout(X, Draw(0))
    dropped = (out - 1 / 9).abs().amax(2) < 1e-6
    assert 0.05 < dropped.float().mean() < 0.16
    assert torch.equal(out[~dropped], X[~dropped])


def test_swap_exchanges_one_pair_of_neighbours():
    ids = swap(X, Draw(0)).argmax(2)
    moved = ids != IDS
    assert (moved.sum(1) == 2).all()
    assert torch.equal(ids.sort(1).values, IDS)
    assert ((ids - IDS).abs() <= 1).all()
    assert len(ids.unique(dim=0)) == 5


def test_a_single_token_has_no_neighbour():
    assert torch.equal(swap(X[:, :1], Draw(0)), X[:, :1])


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_rows_stay_on_the_simplex_and_gradients_are_right(name):
    x = torch.rand(3, 5, 4, dtype=torch.float64).softmax(2).requires_grad_(True)
    out = AUGMENTATIONS[name](x, Draw(1))
    torch.testing.assert_close(out.sum(2), torch.ones(3, 5, dtype=torch.float64))
    assert torch.autograd.gradcheck(lambda x: AUGMENTATIONS[name](x, Draw(1)), (x,))
