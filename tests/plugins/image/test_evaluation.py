"""Own scores of pictures on planted sets."""

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.image.evaluation import own_rows, pair_similarity, sliced_wasserstein, spread

image = modalities.get("image")

SPEC = Spec("image", (1, 28, 28))


@pytest.fixture(scope="module")
def digits():
    data = image.load("digits", size=16)
    order = torch.randperm(len(data.items), generator=torch.Generator().manual_seed(0))
    return image.to_real(data.items.take(order[:600], Draw(0)), data.spec)


def by_key(fake, digits):
    sides = [image.render(x, SPEC) for x in (fake, digits[:200], digits[200:400])]
    return {row["key"]: row for row in own_rows(*sides)}


def test_reals_score_as_their_floor_and_noise_far_above(digits):
    rows = by_key(digits[400:], digits)
    assert rows["sliced_wasserstein"]["value"] < 2 * rows["sliced_wasserstein"]["floor"]
    assert rows["sliced_wasserstein"]["baseline"] > 5 * rows["sliced_wasserstein"]["floor"]
    assert rows["ms_ssim"]["low"] < rows["ms_ssim"]["floor"] < rows["ms_ssim"]["high"]
    assert rows["spread"]["value"] == pytest.approx(rows["spread"]["floor"], rel=0.1)
    assert {(row["n_fake"], row["n_real"]) for row in rows.values()} == {(200, 200)}


def test_fewer_different_pictures_are_more_alike(digits):
    places = [Draw(0).integers("places", 400, 400 + n, (200,)) for n in (200, 2, 1)]
    similar = [by_key(digits[chosen], digits)["ms_ssim"]["value"] for chosen in places]
    assert similar[0] < similar[1] < similar[2] == pytest.approx(1.0)


def test_small_pictures_have_no_ms_ssim(digits):
    small = torch.nn.functional.avg_pool2d(digits, 2)
    assert set(by_key(small[400:], small)) == {"sliced_wasserstein", "spread"}


def test_pairs_are_disjoint(digits):
    assert len(pair_similarity(digits[:7])) == 3


def test_pictures_of_three_channels_are_read_back(digits):
    colour = digits.repeat(1, 3, 1, 1)
    assert by_key(colour[400:], colour)["ms_ssim"]["value"] == pytest.approx(
        by_key(digits[400:], digits)["ms_ssim"]["value"], abs=1e-5
    )


def test_a_shift_in_one_dimension_is_the_distance():
    x = torch.randn(500, 1, generator=torch.Generator().manual_seed(0))
    assert sliced_wasserstein(x, x + 3) == pytest.approx(3, rel=1e-5)
    assert sliced_wasserstein(x, x) == 0


def test_collapse_has_no_spread(digits):
    same = digits[:1].expand(40, -1, -1, -1)
    assert spread(same) == pytest.approx(0, abs=1e-5)
    assert spread(digits[:40]) > 0.01
