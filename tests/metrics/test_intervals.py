import pytest
import scipy.stats
import torch

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.metrics.intervals import bootstrap, bootstrap_mean, half_samples, normal_quantile, wilson


def mean_difference(x, y):
    return float(x.mean() - y.mean())


def normal(n, seed):
    return torch.randn(n, 1, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_quantiles_are_scipys(level):
    assert normal_quantile(level) == pytest.approx(scipy.stats.norm.ppf((1 + level) / 2), rel=1e-12)


@pytest.mark.parametrize("method", [bootstrap, half_samples])
def test_the_width_is_that_of_theory(method):
    x, y = normal(400, 1), 2 * normal(300, 2)
    found = method(mean_difference, [x, y], Draw(0), repeats=2000)
    error = float((x.var() / 400 + y.var() / 300).sqrt())
    assert found.value == pytest.approx(mean_difference(x, y))
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.08)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("method", [bootstrap, half_samples])
def test_the_truth_is_inside_about_as_often_as_said(method):
    inside = 0
    for seed in range(200):
        found = method(mean_difference, [normal(60, seed), normal(60, 1000 + seed)], Draw(seed), repeats=60)
        inside += found.low <= 0 <= found.high
    assert 0.88 <= inside / 200 <= 0.99


def test_half_samples_repeat_no_row():
    rows = torch.arange(50.0)[:, None]
    repeated = []
    half_samples(lambda x: repeated.append(len(x.unique()) < len(x)) or 0.0, [rows], Draw(0), repeats=5)
    assert not any(repeated)
    repeated.clear()
    bootstrap(lambda x: repeated.append(len(x.unique()) < len(x)) or 0.0, [rows], Draw(0), repeats=5)
    assert sum(repeated) == 5


def test_a_set_can_be_held_fast():
    x, y = normal(50, 1), normal(50, 2)
    seen = []
    found = bootstrap(lambda a, b: seen.append(b) or float(a.mean()), [x, y], Draw(0), resample=[True, False])
    assert all(b is y for b in seen)
    assert found.how == "95 % bootstrap, 100 resamples"


def test_the_same_draw_gives_the_same_interval():
    x = normal(50, 1)
    once, again, other = (bootstrap(lambda a: float(a.mean()), [x], Draw(seed), repeats=10) for seed in (3, 3, 4))
    assert once == again
    assert once != other


def test_too_little_is_refused():
    with pytest.raises(ShapeError, match="2 or more"):
        bootstrap(lambda a: 0.0, [torch.zeros(1, 1)], Draw(0))
    with pytest.raises(ShapeError, match="1 resample of"):
        half_samples(lambda a: 0.0, [torch.zeros(9, 1)], Draw(0), repeats=1)


def test_the_interval_covers_the_mean_of_a_known_sample():
    values = torch.arange(100.0)
    mean, low, high = bootstrap_mean(values, Draw(0))
    assert mean == 49.5
    half = 1.96 * float(values.std(correction=0)) / 10
    assert low == pytest.approx(49.5 - half, abs=0.6)
    assert high == pytest.approx(49.5 + half, abs=0.6)
    assert bootstrap_mean(values[:1] + 3, Draw(0)) == (3.0, 3.0, 3.0)


def test_the_interval_of_a_share_is_that_of_the_books():
    """Brown, Cai & DasGupta 2001, Eq. 4, by hand: 8 of 10."""
    found = wilson(8, 10)
    assert (found.low, found.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert wilson(0, 20).low == 0.0
    assert wilson(20, 20).high == 1.0


def test_a_share_of_none_or_all_ends_at_0_or_1():
    for n in (7, 30, 200, 1000):
        assert wilson(0, n).low == 0.0
        assert wilson(n, n).high == 1.0
