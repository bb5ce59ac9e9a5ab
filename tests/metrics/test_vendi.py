import math

import numpy as np
import pytest
import sklearn.metrics.pairwise as pairwise
import torch
from vendi_score import vendi

from multigan.core.errors import ShapeError
from multigan.metrics.kernel_distance import RadialBases
from multigan.metrics.vendi import effective_number, vendi_score

# The package asks for a name that scipy has moved.
pytestmark = pytest.mark.filterwarnings("ignore:Please import `csr_matrix`:DeprecationWarning")


def normal(n, d, seed, shift=0.0):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + shift


@pytest.mark.parametrize("order", [1.0, 0.5, 2.0])
@pytest.mark.parametrize(("n", "d"), [(200, 16), (60, 100), (5000, 8)])
def test_equal_to_vendi_score(n, d, order):
    x = normal(n, d, 1, 0.5)
    assert vendi_score(x, order=order) == pytest.approx(vendi.score_dual(x.numpy(), q=order), rel=1e-6)
    if order == 1 and n < 1000:
        assert vendi_score(x) == pytest.approx(vendi.score_X(x.numpy()), rel=1e-9)


def test_the_gaussian_kernel_is_vendi_score_of_its_matrix():
    x = normal(150, 6, 1)
    for bandwidth in (0.5, 2.0):
        square = pairwise.rbf_kernel(x, gamma=1 / (2 * bandwidth**2))
        assert vendi_score(x, "gaussian", bandwidth=bandwidth) == pytest.approx(vendi.score_K(square), rel=1e-9)
    median = np.median(pairwise.euclidean_distances(x)[np.triu_indices(150, 1)])
    own = vendi_score(x, "gaussian")
    assert own == pytest.approx(vendi_score(x, "gaussian", bandwidth=median), rel=1e-2)


@pytest.mark.parametrize("kernel", ["cosine", "gaussian"])
def test_alike_is_one_and_unlike_is_all(kernel):
    same = normal(1, 20, 1).repeat(30, 1)
    assert vendi_score(same, kernel) == pytest.approx(1, rel=1e-9)
    apart = torch.eye(20, dtype=torch.float64)
    assert vendi_score(apart, kernel, bandwidth=1e-2) == pytest.approx(20, rel=1e-9)
    assert vendi_score(apart[:1], kernel) == pytest.approx(1)


@pytest.mark.parametrize("order", [0.0, 0.5, 1.0, 2.0, math.inf])
def test_equal_shares_count_themselves(order):
    assert effective_number(torch.full((7,), 1 / 7), order) == pytest.approx(7, rel=1e-6)


def test_orders_by_hand():
    shares = torch.tensor([0.5, 0.25, 0.25, 0.0], dtype=torch.float64)
    assert effective_number(shares, 0) == 3
    assert effective_number(shares) == pytest.approx(2**1.5)
    assert effective_number(shares, 2) == pytest.approx(1 / 0.375)
    assert effective_number(shares, math.inf) == 2


def test_rows_of_zeros_are_one_kind_of_their_own():
    x = torch.tensor([[1.0, 0], [2, 0], [0, 0], [0, 0]])
    assert vendi_score(x) == pytest.approx(2)


def test_both_forms_agree_at_their_border():
    x = normal(30, 30, 1)
    padded = torch.cat([x, torch.zeros(30, 5)], 1)
    assert vendi_score(x[:, :29]) == pytest.approx(vendi_score(torch.cat([x[:, :29], torch.zeros(30, 9)], 1)), rel=1e-9)
    assert vendi_score(padded) == pytest.approx(vendi_score(x), rel=1e-9)


def test_too_much_or_wrong_is_refused():
    with pytest.raises(ShapeError, match="random subset"):
        vendi_score(torch.zeros(10_001, 1), "gaussian")
    with pytest.raises(ShapeError, match="order -1"):
        vendi_score(torch.ones(3, 1), order=-1)
    with pytest.raises(ShapeError, match="1 or more"):
        vendi_score(torch.ones(0, 1))


def test_a_kernel_of_ones_own_counts_what_differs():
    apart = torch.eye(6) * 1e3
    assert vendi_score(apart, RadialBases(1.0)) == pytest.approx(6, rel=1e-6)
    assert vendi_score(torch.zeros(6, 3), RadialBases(1.0)) == pytest.approx(1, rel=1e-6)
    assert vendi_score(apart[[0, 0, 0, 1, 1, 1]], RadialBases(1.0)) == pytest.approx(2, rel=1e-6)
