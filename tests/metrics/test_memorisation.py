import pytest
import scipy.stats
import torch
from sklearn.neighbors import NearestNeighbors

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics import blocks
from multigan.metrics.memorisation import copy_test, nearest, outranks, rank_z, unseen_distances


def normal(n, d, seed):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("leave_one_out", [False, True])
def test_neighbours_are_scikit_learns(leave_one_out, monkeypatch):
    monkeypatch.setattr(blocks, "ROWS", 37)
    monkeypatch.setattr(blocks, "COLUMNS", 53)
    y = normal(200, 12, 2)
    x = y if leave_one_out else normal(150, 12, 1)
    index = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(y.numpy())
    distances, which = index.kneighbors(None if leave_one_out else x.numpy())
    found = nearest(x, y, leave_one_out=leave_one_out)
    assert found[0].tolist() == pytest.approx(distances[:, 0], rel=1e-9)
    assert found[1].tolist() == which[:, 0].tolist()


def test_copies_are_at_exactly_zero():
    y = normal(100, 50, 1).float() + 1000
    distances, which = nearest(y[[7, 3, 99]], y)
    assert distances.tolist() == [0, 0, 0]
    assert which.tolist() == [7, 3, 99]


@pytest.mark.parametrize("digits", [None, 1])
def test_rank_z_is_scipys_with_and_without_ties(digits):
    a, b = normal(60, 1, 1)[:, 0] + 0.3, normal(80, 1, 2)[:, 0]
    if digits:
        a, b = a.mul(2).round(), b.mul(2).round()
    z, chance = rank_z(a, b)
    reference = scipy.stats.mannwhitneyu(a, b, alternative="greater", method="asymptotic", use_continuity=False)
    assert scipy.stats.norm.sf(z) == pytest.approx(reference.pvalue, rel=1e-9)
    assert chance == pytest.approx(reference.statistic / (60 * 80), rel=1e-12)


def test_all_equal_values_say_nothing():
    assert rank_z(torch.zeros(5), torch.zeros(9)) == (0, 0.5)


def test_one_cell_is_the_plain_test():
    train, held_out, fake = normal(300, 5, 1), normal(100, 5, 2), 1.1 * normal(150, 5, 3)
    found = copy_test(train, held_out, fake, Draw(0), cells=1)
    z, farther = rank_z(nearest(fake, train)[0], nearest(held_out, train)[0])
    assert found.score == found.z == z
    assert found.nearer == 1 - farther
    assert found.cell_z.tolist() == [z]


def test_cells_are_weighted_by_their_held_out_items():
    """Two far clusters: one copied, one honest. Weights 3 : 1 of held-out items."""
    shift = torch.tensor([100.0, 0, 0], dtype=torch.float64)
    train = torch.cat([normal(200, 3, 1), normal(200, 3, 2) + shift])
    held_out = torch.cat([normal(150, 3, 3), normal(50, 3, 4) + shift])
    fake = torch.cat([train[:100] + 1e-3, normal(100, 3, 5) + shift])
    found = copy_test(train, held_out, fake, Draw(0), cells=2)
    z = [rank_z(nearest(fake[a:b], train)[0], nearest(held_out[c:d], train)[0])[0]
         for a, b, c, d in ((0, 100, 0, 150), (100, 200, 150, 200))]  # fmt: skip
    assert found.score == pytest.approx((3 * z[0] + z[1]) / 4)
    assert found.z == pytest.approx(found.score / (0.75**2 + 0.25**2) ** 0.5)
    assert sorted(found.cell_z.tolist()) == pytest.approx(sorted(z))
    assert found.copies


def test_honest_samples_are_not_accused():
    z = []
    for seed in range(60):
        x = normal(900, 4, seed)
        z.append(copy_test(x[:500], x[500:700], x[700:], Draw(seed)).z)
    z = torch.tensor(z)
    assert abs(z.mean()) < 4 / 60**0.5
    assert 0.7 < z.std() < 1.4
    assert (z > -3).all()


def test_a_tenth_of_copies_in_one_cell_is_seen_where_the_whole_hides_it():
    """Fakes are too far off everywhere but for one cluster, which is copied."""
    centres = 100 * torch.eye(4, dtype=torch.float64)
    train = torch.cat([normal(100, 4, k) + centres[k] for k in range(4)])
    held_out = torch.cat([normal(60, 4, 10 + k) + centres[k] for k in range(4)])
    fake = torch.cat([train[:60] + 1e-4, *(2 * normal(60, 4, 20 + k) + centres[k] for k in (1, 2, 3))])
    found = copy_test(train, held_out, fake, Draw(0), cells=4)
    assert not found.copies
    assert found.nearer < 0.5
    assert found.cell_z.min() < -6


def test_cells_without_fakes_are_not_judged():
    train = torch.cat([normal(100, 2, 1), normal(100, 2, 2) + 100])
    found = copy_test(train, train + 0.1, normal(50, 2, 3), Draw(0), cells=2)
    assert found.judged == 1
    assert found.fakes_judged == 1
    assert found.cell_z.isnan().sum() == 1


def test_too_little_is_refused():
    x = normal(100, 2, 1)
    with pytest.raises(ShapeError, match="more fakes or fewer cells"):
        copy_test(x, x[:50], x[:5], Draw(0))
    with pytest.raises(ShapeError, match="width"):
        copy_test(x, x[:50], normal(50, 3, 1), Draw(0))
    with pytest.raises(ShapeError, match="1 or more"):
        nearest(x, x[:0])


def test_a_row_may_be_its_own_neighbour_or_not():
    x = torch.tensor([[0.0], [10.0], [11.0]])
    distances, which = nearest(x, x, leave_one_out=True)
    assert distances.tolist() == [10.0, 1.0, 1.0]
    assert which.tolist() == [1, 2, 1]
    assert nearest(x, x)[0].tolist() == [0.0, 0.0, 0.0]


def test_trained_items_stand_in_where_none_is_unseen():
    trained = torch.tensor([[0.0], [10.0], [11.0]])
    assert unseen_distances(trained, torch.tensor([[4.0]])).tolist() == [4.0]
    assert unseen_distances(trained, trained[:0]).tolist() == [10.0, 1.0, 1.0]
    assert unseen_distances(trained[:1], trained[:0]).tolist() == [torch.inf]


def test_outranks_is_the_area_under_the_curve():
    assert outranks(torch.tensor([2.0, 3.0]), torch.tensor([0.0, 1.0])) == 1.0
    assert outranks(torch.ones(3), torch.ones(5)) == 0.5
    assert outranks(torch.tensor([0.0, 2.0]), torch.tensor([1.0])) == 0.5
    assert outranks(torch.tensor([float("nan")]), torch.tensor([1.0])) == 0.0


def test_distances_that_are_known_are_not_looked_for_again():
    x = Draw(0).normal("x", (400, 3))
    train, held_out, fake = x[:200], x[200:300], x[300:]
    known = nearest(held_out, train)[0], nearest(fake, train)[0]
    assert copy_test(train, held_out, fake, Draw(0), distances=known).z == copy_test(train, held_out, fake, Draw(0)).z
    further = known[0], known[1] + 9
    assert copy_test(train, held_out, fake, Draw(0), distances=further).z > 3
