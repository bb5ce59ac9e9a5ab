import math

import pytest
import scipy.spatial.distance
import scipy.stats
import torch

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.ndb import ndb, two_proportions


def modes(n, weights, seed):
    """Points about the corners of a simplex, in given shares."""
    generator = torch.Generator().manual_seed(seed)
    which = torch.multinomial(torch.tensor(weights), n, replacement=True, generator=generator)
    return 20 * torch.eye(len(weights))[which] + torch.randn(n, len(weights), generator=generator)


def test_z_squared_is_scipys_chi_square():
    a = torch.tensor([30.0, 5, 0, 77], dtype=torch.float64)
    b = torch.tensor([40.0, 15, 3, 70], dtype=torch.float64)
    z = two_proportions(a, 200, b, 250)
    for i in range(4):
        table = [[a[i], 200 - a[i]], [b[i], 250 - b[i]]]
        expected = scipy.stats.chi2_contingency(table, correction=False).statistic
        assert z[i].item() ** 2 == pytest.approx(expected, rel=1e-9)
    assert (z < 0).tolist() == [True, True, True, False]
    assert two_proportions(torch.tensor([0.0, 9.0]), 9, torch.tensor([0.0, 9.0]), 9).tolist() == [0, 0]


def test_divergence_is_scipys():
    found = ndb(modes(2000, [0.25] * 4, 1), modes(1000, [0.4, 0.3, 0.2, 0.1], 2), 4, Draw(0))
    expected = scipy.spatial.distance.jensenshannon(found.real_shares, found.fake_shares) ** 2
    assert found.jsd == pytest.approx(expected, rel=1e-9)
    assert found.real_shares.sum() == pytest.approx(1)


def test_shares_and_signs_are_those_planted():
    found = ndb(modes(4000, [0.25] * 4, 1), modes(4000, [0.3, 0.3, 0.4, 0.0], 2), 4, Draw(0))
    assert found.different == 4
    assert found.share == 1
    assert sorted(found.fake_shares.tolist()) == pytest.approx([0, 0.3, 0.3, 0.4], abs=0.03)
    dropped = found.fake_shares.argmin()
    assert found.z[dropped] < -10
    assert found.z.sum() - found.z[dropped] > 0


def test_disjoint_sets_reach_the_ceiling():
    found = ndb(modes(500, [0.5, 0.5, 0.0], 1), modes(500, [0.0, 0.0, 1.0], 2) * 50, 2, Draw(0))
    assert 0 < found.jsd < math.log(2)


def test_equal_distributions_differ_as_often_as_the_significance_says():
    """Clusters that are apart, so that a bin is a kind of item rather than a place where reals happened to lie."""
    shares = [ndb(modes(2000, [0.05] * 20, 2 * s), modes(2000, [0.05] * 20, 2 * s + 1), 20, Draw(s)).share
              for s in range(20)]  # fmt: skip
    assert sum(shares) / 20 == pytest.approx(0.05, abs=0.03)


def test_too_many_bins_are_refused():
    with pytest.raises(ShapeError, match="11 bins for 10 reals"):
        ndb(torch.zeros(10, 2), torch.zeros(10, 2), 11, Draw(0))
