"""Rejection with a ceiling, against sums that are known."""

import math

import pytest
import torch

from multigan.core.draw import Draw
from multigan.metrics.rejection import acceptance, ceiling_for, effective_share, kept_log_weights, log_partition


@pytest.fixture
def ratios():
    return Draw(0).normal("ratios", (5_000,)).double() * 1.5


@pytest.mark.parametrize("wanted", [0.9, 0.5, 0.1, 0.02])
def test_the_ceiling_keeps_the_share_that_is_wanted(ratios, wanted):
    assert acceptance(ratios, ceiling_for(ratios, wanted)) == pytest.approx(wanted, abs=1e-6)


def test_all_are_kept_at_share_1_and_no_ceiling_is_above_the_largest_ratio(ratios):
    assert kept_log_weights(ratios, ceiling_for(ratios, 1.0)).abs().max() < 1e-6
    assert ceiling_for(ratios, 1e-9) == pytest.approx(float(ratios.max()))


def test_what_is_kept_has_the_clipped_density(ratios):
    """Three kinds of samples in equal numbers, of ratios 1, 2 and 8, at a ceiling of 4: they come out as 1 : 2 : 4."""
    kinds = torch.tensor([1.0, 2.0, 8.0]).log().repeat(20_000)
    keep = Draw(1).uniform("keep", (60_000,)).double() < kept_log_weights(kinds.double(), math.log(4)).exp()
    counts = keep.view(-1, 3).sum(0).double()
    assert (counts / counts.sum() - torch.tensor([1, 2, 4]) / 7).abs().max() < 0.01


def test_equal_weights_all_count_and_one_large_one_counts_alone():
    assert effective_share(torch.full((7,), -3.0)) == pytest.approx(1)
    assert effective_share(torch.tensor([0.0, -50.0, -50.0, -50.0])) == pytest.approx(0.25)


def test_the_partition_of_a_normal_log_weight_is_known():
    """E exp(s x) = exp(s² / 2)."""
    values = [log_partition(0.8 * torch.randn(2_000, generator=torch.Generator().manual_seed(k))) for k in range(60)]
    mean = sum(one.value for one in values) / 60
    assert mean == pytest.approx(0.32, abs=0.01)
    spread = (sum((one.value - mean) ** 2 for one in values) / 59) ** 0.5
    assert spread == pytest.approx(sum(one.error for one in values) / 60, rel=0.3)


def test_the_bounds_lie_on_either_side_in_expectation():
    """Ten samples a time, so that Jensen's gap is plain: T_n is too low, the other estimate is not."""
    draws = 1.2 * torch.randn(4_000, 10, generator=torch.Generator().manual_seed(5))
    found = [log_partition(row) for row in draws]
    low, high = (sum(getattr(one, name) for one in found) / len(found) for name in ("value", "high"))
    assert low < 0.72 - 0.02
    assert high > low + 0.05


def test_the_partition_does_not_depend_on_the_scale_of_weights():
    x = torch.randn(50, generator=torch.Generator().manual_seed(0)).double()
    one, other = log_partition(x), log_partition(x - 900)
    assert other.value == pytest.approx(one.value - 900)
    assert other.error == pytest.approx(one.error)
