import math

import pytest
import torch

from multigan.metrics.energy import kernel, mean_distance, median_distance, mmd, nearest, outranks, vendi


def cloud(n, shift=0.0, seed=0, d=3):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed)) + shift


def test_the_kernel_is_a_mean_of_three_gaussians():
    value = kernel(torch.zeros(1, 2), torch.tensor([[3.0, 4.0]]), bandwidth=5.0).item()
    assert value == pytest.approx((math.exp(-2) + math.exp(-0.5) + math.exp(-0.125)) / 3, rel=1e-12)


def test_mmd_is_its_definition_by_loops():
    x, y = cloud(5).double(), cloud(4, seed=1).double()
    xx = sum((a - b).norm() for i, a in enumerate(x) for j, b in enumerate(x) if i != j) / 20
    yy = sum((a - b).norm() for i, a in enumerate(y) for j, b in enumerate(y) if i != j) / 12
    xy = sum((a - b).norm() for a in x for b in y) / 20
    assert mmd(x, y, 1.3) == pytest.approx((2 * xy - xx - yy).item() / 1.3, abs=1e-12)


def test_mmd_grows_without_end():
    far = [mmd(cloud(50), cloud(50, shift, 1), 1.0) for shift in (10.0, 100.0, 1000.0)]
    assert far[2] / far[1] == pytest.approx(10, rel=0.05)
    assert far[1] / far[0] == pytest.approx(10, rel=0.3)


def test_mmd_of_like_sets_is_zero_on_average_and_grows_with_a_shift():
    values = [mmd(cloud(40, seed=k), cloud(30, seed=1000 + k), 2.0) for k in range(200)]
    mean, error = sum(values) / 200, torch.tensor(values).std().item() / 200**0.5
    assert abs(mean) < 3 * error
    shifted = [mmd(cloud(200), cloud(200, shift, 1), 2.0) for shift in (0.0, 0.5, 1.0, 2.0)]
    assert shifted == sorted(shifted)
    assert shifted[1] > 0.02


def test_mmd_does_not_depend_on_units():
    x, y = cloud(30), cloud(30, 1.0, 1)
    a, b = mmd(x, y, mean_distance(x)), mmd(100 * x, 100 * y, mean_distance(100 * x))
    assert a == pytest.approx(b, rel=1e-6)


def test_vendi_counts_what_differs():
    apart = torch.eye(6) * 1e3
    assert vendi(apart, 1.0) == pytest.approx(6, rel=1e-6)
    assert vendi(torch.zeros(6, 3), 1.0) == pytest.approx(1, rel=1e-6)
    assert vendi(apart[[0, 0, 0, 1, 1, 1]], 1.0) == pytest.approx(2, rel=1e-6)


def test_distances_of_a_triangle():
    triangle = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    assert mean_distance(triangle) == pytest.approx(4.0)
    assert median_distance(triangle) == pytest.approx(4.0)
    assert median_distance(torch.zeros(3, 2)) > 0


def test_nearest_neighbours():
    x = torch.tensor([[0.0], [10.0], [11.0]])
    distances, which = nearest(x, x, leave_one_out=True)
    assert distances.tolist() == [10.0, 1.0, 1.0]
    assert which.tolist() == [1, 2, 1]
    assert nearest(x, x)[0].tolist() == [0.0, 0.0, 0.0]


def test_outranks_is_the_area_under_the_curve():
    assert outranks(torch.tensor([2.0, 3.0]), torch.tensor([0.0, 1.0])) == 1.0
    assert outranks(torch.ones(3), torch.ones(5)) == 0.5
    assert outranks(torch.tensor([0.0, 2.0]), torch.tensor([1.0])) == 0.5
    assert outranks(torch.tensor([float("nan")]), torch.tensor([1.0])) == 0.0
