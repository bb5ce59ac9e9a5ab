"""Calibration against cases whose log density ratio is known."""

import math

import pytest
import torch

from multigan.metrics.calibration import Calibration, expected_error, fit_logistic, log_loss, reliability


def two_gaussians(n, m):
    """Logits whose log ratio is x - 1/2: N(1, 1) against N(0, 1)."""
    draw = torch.Generator().manual_seed(3)
    return torch.randn(n, generator=draw) + 1, torch.randn(m, generator=draw)


def test_scale_and_bias_are_found_whatever_was_done_to_the_logits():
    real, fake = (3 * x - 2 for x in two_gaussians(20_000, 30_000))
    found = fit_logistic(real, fake)
    assert found.scale == pytest.approx(1 / 3, rel=0.03)
    assert found.bias == pytest.approx(2 / 3 - 0.5, abs=0.03)


def test_the_bias_is_that_of_equal_numbers():
    real, fake = two_gaussians(20_000, 2_000)
    assert fit_logistic(real, fake).bias == pytest.approx(-0.5, abs=0.1)


def test_newton_finds_where_the_gradient_is_zero():
    real, fake = (x.double() for x in two_gaussians(400, 500))
    found = fit_logistic(real, fake)
    scale, bias = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in found)
    said_real, said_fake = scale * real + bias, scale * fake + bias
    soft = torch.nn.functional.softplus
    up, down = (400 + 1) / (400 + 2), 1 / (500 + 2)
    loss = (soft(said_real) - up * said_real).mean() + (soft(said_fake) - down * said_fake).mean()
    loss.backward()
    assert abs(float(scale.grad)) < 1e-8
    assert abs(float(bias.grad)) < 1e-8


def test_few_samples_that_are_told_apart_give_no_endless_slope():
    found = fit_logistic(torch.tensor([1.0, 1.1, 1.2]), torch.tensor([-1.0, -1.1, -1.2]))
    assert 0 < found.scale < 5


def test_a_critic_that_is_wrong_gets_no_say():
    real, fake = two_gaussians(2_000, 2_000)
    assert fit_logistic(fake, real) == Calibration(0.0, 0.0)


def test_the_loss_of_silence_is_log_2():
    assert log_loss(torch.zeros(5), torch.zeros(9)) == pytest.approx(math.log(2))


def test_a_calibrated_critic_is_on_the_diagonal_and_a_boastful_one_is_not():
    real, fake = two_gaussians(20_000, 20_000)
    honest, boastful = (reliability(scale * (real - 0.5), scale * (fake - 0.5)) for scale in (1, 4))
    assert len(honest) == 10
    assert expected_error(honest) < 0.02 < 0.1 < expected_error(boastful)
    assert all(one.low - 0.02 <= one.said <= one.high + 0.02 for one in honest)
