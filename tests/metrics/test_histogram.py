import math

import numpy as np
import pytest
import torch

from multigan.metrics.coverage import reverse_kl_floor
from multigan.metrics.histogram import reverse_kl, simulated_floor


def brute_force(counts):
    total = sum(counts)
    return sum(c / total * (math.log(c / total) - math.log(1 / len(counts))) for c in counts if c)


@pytest.mark.parametrize("counts", [[3, 1, 0, 7], [5, 5, 5], [1, 0, 0, 0, 0], [10**6, 1]])
def test_reverse_kl_is_the_sum_of_its_definition(counts):
    assert reverse_kl(torch.tensor(counts)) == pytest.approx(brute_force(counts), rel=1e-12, abs=1e-12)


def test_the_ends_of_reverse_kl():
    assert reverse_kl(torch.tensor([4, 4, 4, 4])) == pytest.approx(0, abs=1e-12)
    assert reverse_kl(torch.tensor([0, 9, 0])) == pytest.approx(math.log(3))
    assert reverse_kl(torch.zeros(5)) == math.inf


@pytest.mark.parametrize(("n", "modes"), [(50, 3), (400, 100), (2600, 1000)])
def test_the_floor_against_another_simulation(n, modes):
    floor = simulated_floor(n, modes)
    rng = np.random.default_rng(1)
    sets = rng.multinomial(n, [1 / modes] * modes, size=300)
    kls = [brute_force(row.tolist()) for row in sets]
    wide = 4 * np.std(kls) * math.sqrt(1 / 300 + 1 / 200)
    assert floor.reverse_kl == pytest.approx(np.mean(kls), abs=wide)
    assert floor.deviation == pytest.approx(np.std(kls), rel=0.3)
    assert floor.modes == pytest.approx(modes * (1 - (1 - 1 / modes) ** n), rel=0.01)


def test_the_formula_holds_for_many_samples_and_fails_for_few():
    assert simulated_floor(26_000, 1000, repeats=20).reverse_kl == pytest.approx(
        reverse_kl_floor(26_000, 1000), rel=0.02
    )
    assert simulated_floor(2_600, 1000, repeats=50).reverse_kl > 1.08 * reverse_kl_floor(2_600, 1000)


def test_the_floor_is_a_function_of_its_seed():
    assert simulated_floor(100, 10, repeats=5) == simulated_floor(100, 10, repeats=5)
    assert simulated_floor(100, 10, repeats=5).reverse_kl != simulated_floor(100, 10, repeats=5, seed=1).reverse_kl
