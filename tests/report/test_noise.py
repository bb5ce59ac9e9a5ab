import math

import pytest
from scipy.stats import ttest_ind

from multigan.report.noise import holm, mean_deviation, welch_p


def test_welch_is_scipys():
    one, other = [1.0, 2.0, 4.0], [3.0, 5.5, 7.0, 6.0]
    assert welch_p(one, other) == pytest.approx(ttest_ind(one, other, equal_var=False).pvalue, rel=1e-12)


def test_welch_by_hand():
    # m = 1, 4; v = 2, 2; t = 3 / sqrt(2), two degrees of freedom: p = 1 - t / sqrt(t^2 + 2)
    t = 3 / math.sqrt(2)
    assert welch_p([0.0, 2.0], [3.0, 5.0]) == pytest.approx(1 - t / math.sqrt(t * t + 2), rel=1e-12)


def test_no_test_without_seeds_or_spread():
    assert math.isnan(welch_p([1.0], [2.0, 3.0]))
    assert math.isnan(welch_p([1.0, 1.0], [2.0, 2.0]))


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    corrected = holm([math.nan, 0.02])
    assert math.isnan(corrected[0])
    assert corrected[1] == pytest.approx(0.02)


def test_mean_and_deviation():
    assert mean_deviation([1.0, 3.0]) == pytest.approx((2.0, math.sqrt(2)))
    assert math.isnan(mean_deviation([1.0]).deviation)
