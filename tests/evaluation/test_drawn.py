"""What is kept of a drawing is what would be drawn again, and no more is kept than there is room for."""

import pytest
import torch

from multigan.evaluation import drawn
from multigan.evaluation.drawn import Drawn


class Counting:
    """Rows of noise, or of one-hots, in batches of 32; counts drawings."""

    def __init__(self, one_hot=False):
        self.drawings, self.one_hot = 0, one_hot

    def batches(self, n, seed):
        self.drawings += 1
        x = torch.randn(n, 4, 50, generator=torch.Generator().manual_seed(seed))
        x = torch.nn.functional.one_hot(x.argmax(-1), 50).float() if self.one_hot else x
        yield from x.split(32)


def all_of(fakes, n):
    return torch.cat(list(fakes.batches(n)))


@pytest.mark.parametrize("one_hot", [False, True])
def test_fewer_than_were_drawn_come_from_what_is_kept(one_hot):
    generator = Counting(one_hot)
    fakes = Drawn(generator, 0)
    whole = all_of(fakes, 100)
    assert torch.equal(all_of(fakes, 70), whole[:70])
    assert torch.equal(all_of(fakes, 100), whole)
    assert generator.drawings == 1
    assert len(all_of(fakes, 101)) == 101
    assert generator.drawings == 2


def test_no_more_is_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(drawn, "ROOM_BYTES", 4 * 32 * 4 * 50)
    generator = Counting()
    fakes = Drawn(generator, 0)
    whole = all_of(fakes, 64)
    assert torch.equal(all_of(fakes, 32), whole[:32])
    assert generator.drawings == 1
    assert torch.equal(all_of(fakes, 64), whole)
    assert generator.drawings == 2
    rare = Drawn(generator := Counting(one_hot=True), 0)  # few numbers of one-hots are not 0
    assert torch.equal(all_of(rare, 64), all_of(rare, 64))
    assert generator.drawings == 1
