"""MS-SSIM against torchmetrics, and at its ends."""

import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import ShapeError
from multigan.plugins.image.ssim import WEIGHTS, ms_ssim, scales_for


@pytest.mark.parametrize(("side", "channels", "scales"), [(180, 3, 5), (100, 1, 4), (48, 3, 3), (28, 1, 2), (16, 1, 1)])
def test_it_equals_torchmetrics(side, channels, scales):
    functional = pytest.importorskip("torchmetrics.functional.image")
    draw = Draw(0)
    x = draw.uniform("x", (3, channels, side, side)) * 2 - 1
    y = (0.7 * x + 0.3 * draw.normal("y", tuple(x.shape))).clamp(-1, 1)
    assert scales_for(side, side) == scales
    betas = tuple(w / sum(WEIGHTS[:scales]) for w in WEIGHTS[:scales])
    if scales == 1:
        reference = functional.structural_similarity_index_measure(x, y, data_range=2.0, reduction="none")
    else:
        reference = functional.multiscale_structural_similarity_index_measure(
            x, y, data_range=2.0, betas=betas, normalize="relu", reduction="none"
        )
    torch.testing.assert_close(ms_ssim(x, y), reference, rtol=1e-4, atol=1e-5)


def test_equal_pictures_have_one_and_opposite_ones_nothing():
    x = Draw(0).uniform("x", (2, 1, 32, 32)) * 2 - 1
    torch.testing.assert_close(ms_ssim(x, x), torch.ones(2))
    assert ms_ssim(x, -x).max() < 1e-6


def test_pictures_below_the_window_are_an_error():
    with pytest.raises(ShapeError, match="11 pixels"):
        ms_ssim(torch.zeros(1, 1, 10, 20), torch.zeros(1, 1, 10, 20))
