"""The second witness sees what differs along a line, nothing where nothing does, and never what it learnt from."""

import pytest
import torch

from multigan.judge.witness import judge_numbers


def normal(n, numbers, seed, shift=0.0):
    return torch.randn(n, numbers, generator=torch.Generator().manual_seed(seed)) + shift


def share_right(real, fake):
    real, fake = judge_numbers(real, fake)
    return ((real > 0).float().mean() + (fake <= 0).float().mean()).item() / 2


def test_a_shift_is_seen_as_often_as_the_best_line_would():
    shift = torch.zeros(300)
    shift[:4] = 1.0
    # The distance between the means is 2 deviations: the best line is right in 84 % of cases.
    assert share_right(normal(2000, 4, 0), normal(2000, 4, 1, shift[:4])) == pytest.approx(0.841, abs=0.02)
    assert share_right(normal(250, 300, 0), normal(250, 300, 1, shift)) > 0.6  # more numbers than samples


def test_equal_sides_are_not_told_apart():
    found = torch.tensor([share_right(normal(100, 400, 2 * k), normal(100, 400, 2 * k + 1)) for k in range(20)])
    assert found.mean() == pytest.approx(0.5, abs=0.03)
    assert found.max() < 0.65


def test_each_half_is_judged_by_the_other():
    """The second half of the sides is swapped: whoever had seen it would be right about it."""
    one, other = normal(100, 3, 0), normal(100, 3, 1, 5.0)
    real, fake = torch.cat([one[:50], other[50:]]), torch.cat([other[:50], one[50:]])
    assert share_right(real, fake) == 0.0


def test_the_scale_of_a_number_and_constants_do_not_matter():
    real, fake = normal(60, 3, 0), normal(60, 3, 1, 1.0)
    scale = torch.tensor([1e-3, 1.0, 1e4])
    assert judge_numbers(real * scale, fake * scale)[0] == pytest.approx(judge_numbers(real, fake)[0], abs=1e-4)
    constant = torch.full((60, 2), 1e5) + 1e-3 * normal(60, 2, 2)
    with_more = judge_numbers(torch.cat([real, constant], 1), torch.cat([fake, constant], 1))
    assert with_more[0] == pytest.approx(judge_numbers(real, fake)[0], abs=1e-4)
    assert judge_numbers(torch.ones(8, 2), torch.ones(8, 2))[0].isfinite().all()
