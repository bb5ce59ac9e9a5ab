import pytest
import torch
from torch.nn import functional as F

from multigan.core.types import Spec
from multigan.plugins.image.degrade import Downsample, Grey, Hole
from multigan.plugins.image.fidelity import laplacian, pair_scores, rival

COLOUR = Spec("image", (3, 32, 32))


def _noise(n=24, seed=0):
    x = torch.rand(n, 3, 32, 32, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return F.avg_pool2d(x, 3, 1, 1)


def _scores(real, fake, spec=COLOUR):
    return {one.about.key: one.number(one.rows(real, fake)) for one in pair_scores(spec)}


def test_the_target_itself_is_perfect():
    x = _noise()
    found = _scores(x, x)
    assert found["psnr"] > 90
    assert found["ssim"] == pytest.approx(1)
    assert found["patch_distance"] == 0
    assert (found["sharpness"], found["chroma"]) == (pytest.approx(1), pytest.approx(1))


def test_what_is_lost_is_told_apart():
    x = _noise()
    blurred, grey = F.avg_pool2d(x, 3, 1, 1), Grey()(x, None).expand(-1, 3, -1, -1)
    assert _scores(x, x * 0.5)["sharpness"] == pytest.approx(0.25)
    assert _scores(x, blurred)["sharpness"] < 0.5
    assert _scores(x, blurred)["patch_distance"] > 5 * _scores(x, _noise(seed=1))["patch_distance"]
    assert _scores(x, grey)["chroma"] < 1e-9
    assert _scores(x, x + 0.02)["psnr"] == pytest.approx(10 * torch.log10(torch.tensor(4 / 0.02**2)).item(), abs=1e-3)
    assert _scores(x, x + 0.02)["sharpness"] == pytest.approx(1, abs=1e-4)


def test_ssim_agrees_with_another_implementation():
    torchmetrics = pytest.importorskip("torchmetrics.functional.image")
    x, y = _noise(4), _noise(4, 1)
    theirs = torchmetrics.structural_similarity_index_measure(x, y, data_range=2.0, reduction="none")
    found = next(one for one in pair_scores(COLOUR) if one.about.key == "ssim")
    assert torch.allclose(found.rows(x, y)[:, 0], theirs, atol=2e-2)  # theirs also counts windows over the edge


def test_scores_are_those_that_fit_the_size():
    keys = [one.about.key for one in pair_scores(Spec("image", (1, 8, 8)))]
    assert keys == ["psnr", "sharpness", "patch_distance"]
    assert [one.about.key for one in pair_scores(Spec("image", (1, 4, 4)))] == ["psnr", "sharpness"]


def test_details_of_a_flat_picture_are_none():
    assert laplacian(torch.full((1, 3, 9, 9), 0.3)).abs().max() < 1e-6


def test_rivals():
    x, grey = _noise(3), Spec("image", (1, 32, 32))
    assert rival(x, COLOUR, COLOUR) == ("the input as it is", x)
    name, made = rival(Grey()(x, None), grey, COLOUR)
    assert (name, made.shape) == ("the grey input", x.shape)
    small = Downsample(2)
    name, made = rival(small(x, None), small.spec(COLOUR), COLOUR)
    assert name == "bicubic interpolation"
    assert (made - x).abs().mean() < (made.mean() - x).abs().mean()
    assert rival(torch.zeros(1, 2, 5), Spec("image", (2, 5, 5)), COLOUR) is None


def test_a_ramp_across_a_hole_is_filled_exactly():
    from multigan.core.draw import Draw

    ramp = torch.linspace(-1, 1, 32).expand(2, 3, 32, 32).contiguous()
    hole = Hole(0.3, 0.5)
    holed = hole(ramp, Draw(0))
    name, made = rival(holed, hole.spec(COLOUR), COLOUR)
    inside = ~((holed[:, -1] > 0.5) & ((torch.arange(32) == 0) | (torch.arange(32) == 31))).any(2).any(1)
    assert name == "linear fill"
    known = holed[:, -1:] < 0.5
    assert torch.equal(made[known.expand_as(made)], ramp[known.expand_as(ramp)])
    touches = (holed[:, -1, :, [0, -1]] > 0.5).any(2).any(1)
    assert inside.any() or touches.any()
    assert (made - ramp)[~touches].abs().max() < 1e-5
