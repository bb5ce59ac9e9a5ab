import pytest
import torch

from multigan.report.gallery import blend


def test_normal_latents_go_along_the_arc():
    torch.manual_seed(1)
    start, end = torch.randn(64), torch.randn(64)
    start, end = start / start.norm(), end / end.norm()
    z = blend(start, end, 8, "normal")
    torch.testing.assert_close(z[0], start, atol=1e-6, rtol=0)
    torch.testing.assert_close(z[-1], end, atol=1e-6, rtol=0)
    torch.testing.assert_close(z.norm(dim=1), torch.ones(8), atol=1e-5, rtol=0)
    steps = (z[1:] - z[:-1]).norm(dim=1)
    assert (steps.max() - steps.min()).item() < 1e-4


def test_uniform_latents_go_straight():
    z = blend(torch.zeros(2, 3), torch.ones(2, 3), 5, "uniform")
    assert z[:, 0, 0].tolist() == pytest.approx([0, 0.25, 0.5, 0.75, 1])


def test_equal_ends_stay():
    start = torch.ones(4)
    assert torch.isfinite(blend(start, start, 3, "normal")).all()
