import math

import pytest
import torch

from multigan.plugins import modalities
from multigan.plugins.text.blocks import Parts
from multigan.plugins.text.curve import Gap, gap, verdict

TEMPERATURES = torch.tensor([0.5, 0.75, 1.0, 1.25]).double()


def system(offset=0.0, shift=0.0, noise=0.1, seeds=2, seed=0):
    """Points on `diversity = 6 - quality / 2 + offset`, at qualities moved by `shift`, with noise over 300 lines."""
    generator = torch.Generator().manual_seed(seed)
    points = []
    for t in TEMPERATURES:
        quality = 4 * t + shift
        diversity = 6 - quality / 2 + offset
        points.append([])
        for _ in range(seeds):
            drawn = {
                key: Parts.mean((centre + noise * torch.randn(300, generator=generator).double()).tolist())
                for key, centre in (("lm_nll", quality), ("reverse_nll", diversity))
            }
            points[-1].append(drawn)
    return points


def test_equal_curves_at_other_temperatures_are_equal():
    found = gap(system(seed=1), system(shift=0.4, seed=2), "reverse_nll", own=2)
    assert found.low < 0 < found.high
    assert abs(found.value) < 0.02
    assert "within noise" in verdict("reverse_nll", found)


@pytest.mark.parametrize(("offset", "word"), [(0.3, "less diverse"), (-0.3, "more diverse")])
def test_a_planted_gap_is_found_whatever_the_temperatures(offset, word):
    found = gap(system(offset, shift=0.4, seed=1), system(seed=2), "reverse_nll", own=2)
    assert found.value == pytest.approx(offset, abs=0.03)
    assert found.low < offset < found.high
    assert f"the GAN is {word}" in verdict("reverse_nll", found)


def test_the_range_ends_where_the_temperature_is_one():
    found = gap(system(shift=0.4, noise=0.0), system(noise=0.0), "reverse_nll", own=2)
    assert found.quality == pytest.approx((2.4, 4.4))
    assert found.value == pytest.approx(0, abs=1e-9)


def test_more_noise_makes_the_interval_wider():
    widths = [
        (found := gap(system(noise=noise, seed=1), system(noise=noise, seed=2), "reverse_nll", 2)).high - found.low
        for noise in (0.1, 1.0)
    ]
    assert widths[1] > 3 * widths[0]


def test_curves_without_a_common_quality_are_not_compared():
    found = gap(system(shift=50.0), system(), "reverse_nll", own=2)
    assert math.isnan(found.value)
    assert "nothing can be compared" in verdict("reverse_nll", found)


def test_for_bleu_higher_is_better_quality():
    def turned(points):
        return [
            [{"bleu_5": Parts(-p["lm_nll"].sums, p["lm_nll"].weights), "self_bleu_5": p["reverse_nll"]} for p in at]
            for at in points
        ]

    plain = gap(system(0.3, shift=0.4, noise=0.0), system(noise=0.0), "reverse_nll", own=2)
    found = gap(turned(system(0.3, shift=0.4, noise=0.0)), turned(system(noise=0.0)), "self_bleu_5", own=2)
    assert found.value == pytest.approx(plain.value)
    assert found.quality == pytest.approx((-4.4, -2.4))


def test_words_for_what_was_bought():
    assert "it bought nothing" in verdict("self_bleu_5", Gap(0.1, 0.05, 0.15, (0.1, 0.3)))
    assert "it bought diversity" in verdict("self_bleu_5", Gap(-0.1, -0.15, -0.05, (0.1, 0.3)))


def test_nets_without_sampling_have_no_curve():
    assert modalities.get("text").own_curves({"GAN": torch.nn.Linear(1, 1)}, [], [], None) == {}
