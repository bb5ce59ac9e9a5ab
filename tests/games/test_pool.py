import torch

from multigan.core.draw import Draw
from multigan.games.pool import Pool


def fakes(first, n=4):
    return torch.arange(first, first + n, dtype=torch.float32)[:, None]


def test_the_first_fakes_are_kept_and_shown_as_they_are():
    pool = Pool(6, (1,))
    assert torch.equal(pool.exchange(fakes(1), Draw(0)), fakes(1))
    assert (int(pool.count), pool.kept[:4, 0].tolist()) == (4, [1, 2, 3, 4])
    pool.exchange(fakes(5), Draw(0, 1))
    assert int(pool.count) == 6
    assert pool.kept[:4, 0].tolist()[:2] != [0, 0]


def test_then_half_of_them_change_places_and_none_is_lost():
    pool = Pool(50, (1,))
    seen, put = list[float](), list[float]()
    for step in range(200):
        new = fakes(10 * step, 10)
        put += new.flatten().tolist()
        seen += pool.exchange(new, Draw(3, step)).flatten().tolist()
    assert sorted(seen[50:] + pool.kept.flatten().tolist()) == sorted(put)  # the first 50 were shown and kept
    old = sum(a != b for a, b in zip(seen[50:], put[50:], strict=True)) / len(seen[50:])
    assert 0.45 < old < 0.55


def test_a_pool_of_nothing_shows_what_it_is_given():
    x = fakes(0)
    assert Pool(0, (1,)).exchange(x, Draw(0)) is x


def test_several_processes_and_micro_batches_have_the_pool_of_one():
    whole, parts, micro = Pool(5, (1,)), [Pool(5, (1,)) for _ in range(2)], Pool(5, (1,))
    for step in range(20):
        new = fakes(8 * step, 8)
        draw = Draw(1, step)
        shown = whole.exchange(new, draw)
        halves = new.split(4)
        gather = gathering(new, draw)
        both = [
            pool.exchange(halves[rank], Draw(1, step, rank=rank, world_size=2, gather=gather))
            for rank, pool in enumerate(parts)
        ]
        small = [micro.exchange(half, Draw(1, step, rank=k, world_size=2)) for k, half in enumerate(halves)]
        assert torch.equal(torch.cat(both), shown)
        assert torch.equal(torch.cat(small), shown)
        assert all(torch.equal(pool.kept, whole.kept) for pool in (*parts, micro))


def gathering(new, draw):
    """What gathering gives: the fakes, or the chances, of both processes."""
    chances = torch.stack([draw.uniform(purpose, (8,)) for purpose in ("old", "which")], 1)
    return lambda x: chances if x.shape[1] == 2 else new


def test_its_state_is_saved_and_loaded():
    pool, other = Pool(5, (1,)), Pool(5, (1,))
    for step in range(9):
        pool.exchange(fakes(8 * step), Draw(1, step))
    other.load_state_dict(pool.state_dict())
    pool.settle()
    assert torch.equal(pool.exchange(fakes(99), Draw(1, 9)), other.exchange(fakes(99), Draw(1, 9)))
