import math

import pytest
import sklearn.metrics.pairwise as pairwise
import torch
from torch_fidelity.metric_kid import KEY_METRIC_KID_MEAN, kid_features_to_metric
from torchmetrics.image.kid import poly_mmd

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.kernel_distance import (
    Distance,
    Polynomial,
    RadialBases,
    RadialBasis,
    kernel_distance,
    mean_distance,
    median_bandwidth,
    mmd,
    standardised,
)


def normal(n, d, seed, shift=0.0):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) + shift


def by_torch_fidelity(x, y, **kernel):
    found = kid_features_to_metric(x, y, kid_subsets=1, kid_subset_size=len(x), verbose=False, **kernel)
    return found[KEY_METRIC_KID_MEAN]


@pytest.mark.parametrize(("n", "d", "shift"), [(200, 10, 0.3), (500, 64, 0.1), (100, 300, 1.0)])
def test_equal_to_torch_fidelity_and_torchmetrics(n, d, shift):
    x, y = normal(n, d, 1), normal(n, d, 2, shift)
    assert mmd(x, y) == pytest.approx(by_torch_fidelity(x, y), rel=1e-9)
    assert mmd(x, y) == pytest.approx(poly_mmd(x, y).item(), rel=1e-9)
    bandwidth = median_bandwidth(x)
    reference = by_torch_fidelity(x, y, kid_kernel="rbf", kid_kernel_rbf_sigma=bandwidth)
    assert mmd(x, y, RadialBasis(bandwidth)) == pytest.approx(reference, rel=1e-9)


def test_kernels_are_scikit_learns():
    x, y = normal(30, 5, 1), normal(20, 5, 2)
    cubic = torch.from_numpy(pairwise.polynomial_kernel(x, y, degree=3))
    assert torch.allclose(Polynomial()(x, y), cubic, rtol=1e-12)
    other = torch.from_numpy(pairwise.polynomial_kernel(x, y, degree=2, gamma=0.5, coef0=2))
    assert torch.allclose(Polynomial(2, 0.5, 2.0)(x, y), other, rtol=1e-12)
    radial = torch.from_numpy(pairwise.rbf_kernel(x, y, gamma=1 / (2 * 1.7**2)))
    assert torch.allclose(RadialBasis(1.7)(x, y), radial, rtol=1e-12)


def test_sets_of_unequal_sizes_by_hand():
    x, y = normal(7, 2, 1), normal(4, 2, 2)
    k = Polynomial()
    within = [sum(k(z, z)[i, j] for i in range(len(z)) for j in range(len(z)) if i != j) for z in (x, y)]
    expected = within[0] / 42 + within[1] / 12 - 2 * k(x, y).sum() / 28
    assert mmd(x, y) == pytest.approx(expected.item(), rel=1e-12)


def test_the_value_is_the_mean_over_its_subsets():
    x, y = normal(300, 6, 1), normal(250, 6, 2, 0.2)
    found = kernel_distance(x, y, Draw(5), subsets=8, subset_size=60)
    values = []
    for i in range(8):
        rows = [torch.randperm(len(z), generator=Draw(5).generator(f"{name}/{i}"))[:60]
                for z, name in ((x, "real"), (y, "fake"))]  # fmt: skip
        values.append(mmd(x[rows[0]], y[rows[1]]))
    values = torch.tensor(values, dtype=torch.float64)
    assert found.value == pytest.approx(values.mean().item(), rel=1e-12)
    share = 60 / 250
    half = 1.959964 * values.std().item() * (share / (1 - share) + 1 / 8) ** 0.5
    assert found.high - found.low == pytest.approx(2 * half, rel=1e-6)
    assert found.how == "95 % of 8 subsets of 60"


def test_subsets_shrink_with_small_sets_and_say_so():
    assert kernel_distance(normal(80, 3, 1), normal(40, 3, 2), Draw(0)).how == "95 % of 100 subsets of 20"


def test_equal_distributions_are_zero_on_average():
    values = torch.tensor([mmd(normal(100, 8, 2 * s), normal(100, 8, 2 * s + 1)) for s in range(200)])
    assert abs(values.mean()) < 3 * values.std() / 200**0.5
    assert (values < 0).any()


def test_the_interval_holds_the_truth_about_as_often_as_said():
    """The truth by the same estimator on many more rows."""
    truth = mmd(normal(8000, 4, 1), normal(8000, 4, 2, 0.5))
    inside = 0
    for seed in range(60):
        x, y = normal(200, 4, 100 + seed), normal(200, 4, 500 + seed, 0.5)
        found = kernel_distance(x, y, Draw(seed), subsets=30, subset_size=50)
        inside += found.low <= truth <= found.high
    assert inside >= 51


def test_standardised_features_have_no_scale():
    x, y = normal(400, 5, 1), normal(400, 5, 2, 0.4)
    x[:, 4] = y[:, 4] = 3.0
    scale = torch.tensor([1.0, 10, 100, 0.1, 1], dtype=torch.float64)
    once, again = mmd(*standardised(x, y)), mmd(*standardised(x * scale, y * scale))
    assert again == pytest.approx(once, rel=1e-9)
    a, _ = standardised(x.float(), y.float())
    assert a.dtype == torch.float32
    assert torch.allclose(a[:, :4].std(0, correction=0), torch.ones(4), atol=1e-5)
    assert (a[:, 4] == 0).all()


def test_too_little_is_refused():
    with pytest.raises(ShapeError, match="4 or more"):
        kernel_distance(normal(3, 2, 1), normal(9, 2, 2), Draw(0))
    with pytest.raises(ShapeError, match="1 subsets"):
        kernel_distance(normal(9, 2, 1), normal(9, 2, 2), Draw(0), subsets=1)


def cloud(n, shift=0.0, seed=0, d=3):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed)) + shift


def test_three_gaussians_are_one_kernel():
    value = RadialBases(5.0)(torch.zeros(1, 2).double(), torch.tensor([[3.0, 4.0]]).double()).item()
    assert value == pytest.approx((math.exp(-2) + math.exp(-0.5) + math.exp(-0.125)) / 3, rel=1e-12)


def test_the_energy_distance_is_its_definition_by_loops():
    x, y = cloud(5).double(), cloud(4, seed=1).double()
    xx = sum((a - b).norm() for i, a in enumerate(x) for j, b in enumerate(x) if i != j) / 20
    yy = sum((a - b).norm() for i, a in enumerate(y) for j, b in enumerate(y) if i != j) / 12
    xy = sum((a - b).norm() for a in x for b in y) / 20
    assert mmd(x, y, Distance(1.3)) == pytest.approx((2 * xy - xx - yy).item() / 1.3, abs=1e-12)


def test_the_energy_distance_grows_without_end():
    far = [mmd(cloud(50), cloud(50, shift, 1), Distance(1.0)) for shift in (10.0, 100.0, 1000.0)]
    assert far[2] / far[1] == pytest.approx(10, rel=0.05)
    assert far[1] / far[0] == pytest.approx(10, rel=0.3)


def test_the_energy_distance_of_like_sets_is_zero_on_average_and_grows_with_a_shift():
    values = [mmd(cloud(40, seed=k), cloud(30, seed=1000 + k), Distance(2.0)) for k in range(200)]
    mean, error = sum(values) / 200, torch.tensor(values).std().item() / 200**0.5
    assert abs(mean) < 3 * error
    shifted = [mmd(cloud(200), cloud(200, shift, 1), Distance(2.0)) for shift in (0.0, 0.5, 1.0, 2.0)]
    assert shifted == sorted(shifted)
    assert shifted[1] > 0.02


def test_the_energy_distance_does_not_depend_on_units():
    x, y = cloud(30), cloud(30, 1.0, 1)
    a, b = (mmd(k * x, k * y, Distance(mean_distance(k * x))) for k in (1, 100))
    assert a == pytest.approx(b, rel=1e-6)


def test_distances_of_a_triangle():
    triangle = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    assert mean_distance(triangle) == pytest.approx(4.0)
    assert median_bandwidth(triangle) == pytest.approx(4.0)
    assert median_bandwidth(torch.zeros(3, 2)) > 0
