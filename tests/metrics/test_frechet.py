import contextlib
import io

import numpy as np
import pytest
import scipy.linalg
import torch
from torch_fidelity.metric_fid import KEY_METRIC_FID, fid_features_to_statistics, fid_statistics_to_metric
from torchmetrics.image.fid import _compute_fid

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.frechet import frechet_between, frechet_distance, frechet_extrapolated, gaussian


def correlated(n, d, seed, scale=1.0):
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(d, d, generator=generator, dtype=torch.float64) / d**0.5
    shift = torch.randn(d, generator=generator, dtype=torch.float64)
    return scale * torch.randn(n, d, generator=generator, dtype=torch.float64) @ mixing + shift


def by_scipy(x, y):
    x, y = x.numpy(), y.numpy()
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    shift = x.mean(0) - y.mean(0)
    return shift @ shift + np.trace(a) + np.trace(b) - 2 * np.trace(scipy.linalg.sqrtm(a @ b)).real


def by_torch_fidelity(x, y):
    with contextlib.redirect_stderr(io.StringIO()):
        return fid_statistics_to_metric(*map(fid_features_to_statistics, (x, y)), verbose=False)[KEY_METRIC_FID]


def by_torchmetrics(x, y):
    return _compute_fid(x.mean(0), x.T.cov(), y.mean(0), y.T.cov()).item()


@pytest.mark.parametrize("reference", [by_scipy, by_torch_fidelity, by_torchmetrics])
@pytest.mark.parametrize(("n", "m", "d"), [(500, 400, 8), (900, 700, 64), (5000, 5000, 16)])
def test_equal_to_reference_packages(reference, n, m, d):
    x, y = correlated(n, d, 1), correlated(m, d, 2, 1.5)
    assert frechet_distance(x, y) == pytest.approx(reference(x, y), rel=1e-6)
    assert frechet_distance(x, y) == pytest.approx(reference(x, y), rel=1e-9)


def test_one_dimension_has_a_formula():
    x, y = correlated(1000, 1, 1), correlated(1000, 1, 2, 3.0)
    expected = (x.mean() - y.mean()) ** 2 + (x.std() - y.std()) ** 2
    assert frechet_distance(x, y) == pytest.approx(expected.item(), rel=1e-12)


def test_independent_features_add_up():
    x, y = correlated(400, 3, 1), correlated(400, 3, 2)
    p, q = gaussian(x), gaussian(y)
    p, q = (type(g)(g.n, g.mean, g.covariance.diagonal().diag()) for g in (p, q))
    expected = (p.mean - q.mean).square().sum() + (x.std(0) - y.std(0)).square().sum()
    assert frechet_between(p, q) == pytest.approx(expected.item(), rel=1e-12)


def test_fewer_rows_than_features():
    """With n <= d a covariance has rank n - 1; the overlap is the nuclear norm of the centred rows' products."""
    x, y = correlated(40, 200, 1), correlated(30, 200, 2)
    a, b = ((z - z.mean(0)) / (len(z) - 1) ** 0.5 for z in (x, y))
    overlap = np.linalg.svd((a @ b.T).numpy(), compute_uv=False).sum()
    expected = (x.mean(0) - y.mean(0)).square().sum() + a.square().sum() + b.square().sum() - 2 * overlap
    assert frechet_distance(x, y) == pytest.approx(expected.item(), rel=1e-9)
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-10 * a.square().sum().item())


def test_constant_and_repeated_features_change_nothing():
    x, y = correlated(300, 6, 1), correlated(300, 6, 2)
    plain = frechet_distance(x, y)
    flat = torch.full((300, 1), 7.0, dtype=torch.float64)
    assert frechet_distance(torch.cat([x, flat], 1), torch.cat([y, flat], 1)) == pytest.approx(plain, rel=1e-9)
    # Each feature twice is each feature times sqrt 2 in a rotated frame.
    twice = frechet_distance(torch.cat([x, x], 1), torch.cat([y, y], 1))
    assert twice == pytest.approx(2 * plain, rel=1e-6)
    assert frechet_distance(flat, flat) == 0.0
    assert frechet_distance(flat, flat + 2) == pytest.approx(4)


def test_moments_in_blocks_are_those_of_the_whole():
    x = correlated(9000, 5, 3)
    found = gaussian(x.float())
    assert torch.allclose(found.covariance, x.float().double().T.cov(), rtol=1e-12)
    before = x.clone()
    gaussian(x)
    assert torch.equal(x, before)


def test_symmetric_and_growing_with_a_shift():
    x, y = correlated(500, 10, 1), correlated(500, 10, 2)
    assert frechet_distance(x, y) == pytest.approx(frechet_distance(y, x), rel=1e-10)
    shifts = [frechet_distance(x, x + s) for s in (0.0, 0.1, 0.2, 0.4)]
    assert shifts == pytest.approx([10 * s * s for s in (0.0, 0.1, 0.2, 0.4)], abs=1e-9)


def test_extrapolation_is_a_least_squares_line_over_subsets():
    x, y = correlated(2000, 8, 1), correlated(1500, 8, 2)
    found = frechet_extrapolated(x, y, Draw(0), points=7)
    sizes, values = zip(*found.points, strict=True)
    assert sizes[0] == 150
    assert sizes[-1] == 1500
    order = torch.randperm(1500, generator=Draw(0).generator("shuffle fakes"))
    by_hand = [frechet_distance(x, y[order[:n]]) for n in sizes]
    assert values == pytest.approx(by_hand, rel=1e-9)
    slope, intercept = np.polyfit(1 / np.array(sizes), by_hand, 1)
    assert found.value == pytest.approx(intercept, rel=1e-8)
    assert found.slope == pytest.approx(slope, rel=1e-8)
    fitted = intercept + slope / np.array(sizes)
    assert found.residual == pytest.approx(np.sqrt(np.mean((fitted - by_hand) ** 2)), rel=1e-6)


def test_extrapolation_takes_the_bias_away():
    """Equal distributions: the truth is 0, the plain distance at n is far above it."""
    values = []
    for seed in range(5):
        x, y = (torch.randn(3000, 20, generator=torch.Generator().manual_seed(10 * seed + i)) for i in (0, 1))
        values.append((frechet_distance(x, y), frechet_extrapolated(x, y, Draw(seed), both=True).value))
    plain, line = np.array(values).T
    assert plain.min() > 0.05
    assert abs(line.mean()) < plain.mean() / 10


def test_extrapolation_refuses_too_little():
    x = torch.randn(100, 3, generator=torch.Generator().manual_seed(0))
    for arguments in ({"points": 2}, {"both": True}):
        with pytest.raises(ShapeError, match="20 or more fakes"):
            frechet_extrapolated(x, x[:50], Draw(0), **arguments)
    with pytest.raises(ShapeError, match="10 fakes"):
        frechet_extrapolated(x, x[:10], Draw(0))
