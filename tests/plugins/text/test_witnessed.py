import pytest
import torch
import torch.nn.functional as F

from multigan.judge.witness import judge_numbers
from multigan.plugins.text.witnessed import make_teller

VOCAB, END = 30, 0


def sentences(n, seed, swap=False):
    """Each word is followed by one of two; with `swap` the two in the middle change places."""
    random = torch.Generator().manual_seed(seed)
    ids = torch.zeros(n, 8, dtype=torch.int64)
    ids[:, 0] = torch.randint(1, VOCAB, (n,), generator=random)
    for k in range(1, 7):
        ids[:, k] = (ids[:, k - 1] * 7 + torch.randint(0, 2, (n,), generator=random)) % (VOCAB - 1) + 1
    if swap:
        ids[:, [3, 4]] = ids[:, [4, 3]]
    return ids


def shown(ids):
    return F.one_hot(ids, VOCAB).float()


def share_right(tell, seed, swap=False):
    real, fake = judge_numbers(tell(shown(sentences(100, 1))), tell(shown(sentences(100, seed, swap))))
    return ((real > 0).float().mean() + (fake <= 0).float().mean()).item() / 2


def test_neighbours_that_never_stand_together_are_seen_and_other_reals_are_not():
    tell = make_teller(sentences(500, 0), END, VOCAB)
    assert tell(shown(sentences(3, 1))).shape == (3, 22)
    assert share_right(tell, 3, swap=True) > 0.9
    assert share_right(tell, 2) == pytest.approx(0.5, abs=0.1)


def test_what_follows_the_end_is_nothing():
    tell = make_teller(sentences(100, 0), END, VOCAB)
    one = sentences(4, 1)
    other = one.clone()
    one[:, 3] = other[:, 3] = END
    other[:, 4:] = 5
    assert torch.equal(tell(shown(one)), tell(shown(other)))


def test_of_few_texts_nothing_is_learnt():
    assert make_teller(sentences(63, 0), END, VOCAB) is None
    assert make_teller(torch.zeros(0, 8, dtype=torch.int64), END, VOCAB) is None
