import pytest
import torch

from multigan.plugins.image.metrics import scores, sliced_wasserstein, spread


def test_a_shift_in_one_dimension_is_the_distance():
    x = torch.randn(500, 1, generator=torch.Generator().manual_seed(0))
    assert sliced_wasserstein(x, x + 3) == pytest.approx(3, rel=1e-5)
    assert sliced_wasserstein(x, x) == 0


def test_collapse_has_no_spread():
    real = torch.rand(40, 1, 8, 8) * 2 - 1
    same = real[:1].expand(40, -1, -1, -1)
    assert spread(same) == pytest.approx(0, abs=1e-5)
    found = scores(real, same)
    assert found["spread_ratio"] < 0.01
    assert scores(real, real)["spread_ratio"] == pytest.approx(1)
