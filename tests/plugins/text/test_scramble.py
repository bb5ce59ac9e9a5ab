import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.plugins.text.scramble import scrambled

TEXTS = torch.tensor([[2, 3, 4, 5, 6, 7, 0, 0], [7, 6, 0, 0, 0, 0, 0, 0], [2, 3, 4, 5, 6, 7, 8, 9]]).repeat(400, 1)
REAL = F.one_hot(TEXTS, 10).float()


def ids(**shares):
    return scrambled(REAL, Draw(3), **{"lost": 0.0, "hidden": 0.0, "reach": 0.0, **shares}).argmax(-1)


def test_nothing_changes_where_nothing_is_asked_for():
    assert torch.equal(ids(), TEXTS)


def test_tokens_are_lost_and_the_rest_moves_up():
    found = ids(lost=0.3)
    share = (found > 0).sum() / (TEXTS > 0).sum()
    assert 0.65 < share < 0.75
    for row in found[::97].tolist():
        kept = [token for token in row if token]
        assert row[: len(kept)] == kept


def test_tokens_are_hidden():
    found = ids(hidden=0.25)
    assert 0.22 < ((found == 1).sum() / (TEXTS > 0).sum()) < 0.28
    assert torch.equal(found[found != 1], TEXTS[found != 1])


def test_no_token_passes_one_that_is_far_away():
    found = ids(reach=2.0)[2::3]
    places = found - 2  # where each stood
    assert (places.sort(1).values == torch.arange(8)).all()
    moved = (places - torch.arange(8)).abs()
    assert 0 < moved.max() <= 2


def test_the_same_draw_breaks_alike():
    one, same, other = (scrambled(REAL, Draw(seed)) for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert torch.equal(one.sum(-1), torch.ones(TEXTS.shape))
