"""Cells keep their shares, whatever the ceiling cuts."""

import math

import pytest
import torch

from multigan.core.draw import Draw
from multigan.metrics.rejection import kept_log_weights
from multigan.metrics.strata import MOST, balance, log_factors, merged


@pytest.fixture
def hard_cell():
    """Ratios of mean 1 in both cells: even in cell 0, and in cell 1 a tenth of the samples has ten."""
    ratios = torch.cat([torch.zeros(1000), torch.full((900,), -9.0), torch.full((100,), 2.3)]).double()
    return ratios, torch.arange(2).repeat_interleave(1000), torch.tensor([0.5, 0.5])


def shares_of(log_weights, cells):
    passed = torch.zeros(2).double().index_add_(0, cells, log_weights.exp())
    return (passed / passed.sum()).tolist()


def test_what_passes_has_the_shares_of_reals(hard_cell):
    ratios, cells, shares = hard_cell
    kept = kept_log_weights(ratios, math.log(5))
    assert shares_of(kept, cells) == pytest.approx([2 / 3, 1 / 3], abs=0.01)
    factors = log_factors(kept, cells, shares)
    assert shares_of(kept + factors[cells], cells) == pytest.approx([0.5, 0.5], abs=1e-6)
    assert float(factors.max()) == 0


def test_the_acceptance_is_that_of_ceiling_and_factors_together():
    ratios, cells = Draw(0).normal("ratios", (4000,)).double(), torch.arange(2).repeat(2000)
    found = balance(ratios + 0.3 * cells, cells, torch.tensor([0.6, 0.4]), 0.2)
    weights = found.log_weights(ratios + 0.3 * cells, cells)
    assert float(weights.exp().mean()) == pytest.approx(0.2, rel=0.01)
    assert shares_of(weights, cells) == pytest.approx([0.6, 0.4], abs=0.01)


def test_share_1_is_the_plain_generator(hard_cell):
    found = balance(*hard_cell, 1.0)
    assert found.log_weights(*hard_cell[:2]).abs().max() == 0


def test_factors_are_bounded_and_an_empty_cell_does_no_harm():
    found = log_factors(torch.zeros(100), torch.arange(2).repeat(50), torch.tensor([0.98, 0.01, 0.01]))
    assert found.exp().min() >= 1 / MOST - 1e-9
    assert found.isfinite().all()


def test_what_the_generator_hardly_makes_is_joined_to_its_neighbourhood():
    centres = torch.tensor([[0.0], [0.1], [5.0], [5.2], [9.0]])
    real, plain = torch.tensor([0.2, 0.1, 0.2, 0.3, 0.2]), torch.tensor([0.29, 0.01, 0.22, 0.28, 0.2])
    assert merged(centres, real, plain).tolist() == [0, 0, 1, 2, 3]
    assert merged(centres, real, real).tolist() == [0, 1, 2, 3, 4]
    assert merged(centres[:2], torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])).tolist() == [0, 0]
