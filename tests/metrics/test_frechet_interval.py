import pytest
import torch

from multigan.core.errors import ShapeError
from multigan.metrics.frechet import Gaussian, frechet_between, frechet_distance, gaussian
from multigan.metrics.frechet_interval import frechet_interval, influence


def normal(n, d, seed, scale=1.0):
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(n, d, generator=generator, dtype=torch.float64)


def mixed(n, d, seed):
    return normal(n, d, seed) @ normal(d, d, seed + 1000) + normal(1, d, seed + 2000)


def test_influence_is_the_derivative_in_a_rows_weight():
    """The distance from q of `(1 - e) p + e at row x`, by differences."""
    x, y = mixed(200, 5, 1), mixed(300, 5, 2)
    p, q = gaussian(x), gaussian(y)
    found = influence(x, p, q)

    def moved(row, e):
        shift = row - p.mean
        mean, covariance = p.mean + e * shift, (1 - e) * p.covariance + e * (1 - e) * shift.outer(shift)
        return frechet_between(Gaussian(p.n, mean, covariance), q)

    slopes = torch.tensor([(moved(row, 1e-5) - moved(row, -1e-5)) / 2e-5 for row in x[:20]])
    assert torch.allclose((slopes - slopes[0]).double(), found[:20] - found[0], rtol=1e-3, atol=1e-2)
    assert found.mean().abs() < 1e-9 * found.abs().max()


def test_a_constant_feature_has_no_influence():
    x, y = mixed(200, 4, 1), mixed(200, 4, 2)
    wide = [torch.cat([z, torch.ones(200, 1)], 1) for z in (x, y)]
    plain = influence(x, gaussian(x), gaussian(y))
    assert torch.allclose(influence(wide[0], *map(gaussian, wide)), plain, rtol=1e-8, atol=1e-8)


def test_the_width_is_the_spread_of_other_samples():
    found = [frechet_interval(normal(300, 4, 2 * s), normal(300, 4, 2 * s + 1, 1.5)) for s in range(150)]
    spread = torch.tensor([f.value for f in found]).std().item()
    width = sum(f.high - f.low for f in found) / 150 / (2 * 1.96)
    assert width == pytest.approx(spread, rel=0.15)
    centre = sum(f.value for f in found) / 150
    assert 0.88 <= sum(f.low <= centre <= f.high for f in found) / 150 <= 0.99


def test_the_value_is_the_distance():
    x, y = normal(100, 3, 1), normal(90, 3, 2)
    found = frechet_interval(x, y, level=0.9)
    assert found.value == frechet_distance(x, y)
    assert found.how == "90 % by influence"


def test_no_more_rows_than_features_is_refused():
    with pytest.raises(ShapeError, match="bootstrap"):
        frechet_interval(normal(50, 60, 1), normal(100, 60, 2))
