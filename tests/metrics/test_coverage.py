import math

import pytest
import torch

from multigan.core.errors import ShapeError
from multigan.metrics.coverage import CEILING_2D, mode_coverage, reverse_kl_floor

CENTRES = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])


def exact(n, modes=4):
    which = torch.arange(n) % modes
    return CENTRES[which] + 0.1 * torch.randn(n, 2, generator=torch.Generator().manual_seed(0))


def test_exact_samples_reach_the_ceiling_and_no_more():
    found = mode_coverage(exact(200_000), CENTRES, 0.1)
    assert found.modes == 4
    assert found.high_quality == pytest.approx(CEILING_2D, abs=1e-3)
    assert found.reverse_kl == pytest.approx(0, abs=1e-4)


def test_dropped_modes_are_counted():
    found = mode_coverage(exact(1000, modes=2), CENTRES, 0.1)
    assert found.modes == 2
    assert found.reverse_kl == pytest.approx(math.log(2), abs=1e-3)


def test_noise_covers_nothing():
    found = mode_coverage(torch.full((100, 2), 5.0), CENTRES, 0.1)
    assert (found.modes, found.high_quality, found.reverse_kl) == (0, 0.0, math.inf)


def test_the_floor_is_the_bias_of_a_finite_sample():
    generator = torch.Generator().manual_seed(1)
    kls = [
        mode_coverage(CENTRES[torch.randint(4, (500,), generator=generator)], CENTRES, 0.1).reverse_kl
        for _ in range(400)
    ]
    assert sum(kls) / len(kls) == pytest.approx(reverse_kl_floor(500, 4), rel=0.2)


def test_other_dimensions_are_refused():
    with pytest.raises(ShapeError):
        mode_coverage(torch.zeros(3, 3), CENTRES, 0.1)
