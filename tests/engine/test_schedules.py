import numpy as np
import pytest

from multigan.engine.schedules import SCHEDULES, learning_rate_factor


@pytest.mark.parametrize("progress", [0.0, 0.25, 0.5, 1.0])
def test_values_follow_the_equations(progress):
    assert learning_rate_factor("constant", progress, 0.1) == 1
    assert learning_rate_factor("linear", progress, 0.1) == pytest.approx(1 - 0.9 * progress)
    cosine = 0.1 + 0.9 * (1 + np.cos(np.pi * progress)) / 2
    assert learning_rate_factor("cosine", progress, 0.1) == pytest.approx(cosine)


@pytest.mark.parametrize("name", SCHEDULES)
def test_outside_the_phase_the_ends_hold(name):
    assert learning_rate_factor(name, -1, 0.1) == learning_rate_factor(name, 0, 0.1)
    assert learning_rate_factor(name, 2, 0.1) == learning_rate_factor(name, 1, 0.1)
