import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins.audio.scales import LAYERS, ScaleCritic, build_scales


def test_the_papers_net_has_its_number_of_parameters():
    D = build_scales(Spec("audio", (1, 8192)))
    assert sum(p.numel() for p in D.parameters()) == 29_618_821


@pytest.mark.parametrize("samples", [64, 1001, 8191])
@pytest.mark.parametrize("halvings", [0, 1, 2])
def test_logits_are_as_many_as_strides_leave(samples, halvings):
    steps = samples
    for _ in range(halvings):
        steps = steps // 2 + 1
    for _, _, stride, _ in LAYERS:
        steps = (steps - 1) // stride + 1
    logits, features = ScaleCritic(1, 4, halvings, False)(torch.randn(2, 1, samples))
    assert logits.shape == (2, steps)
    assert [f.shape[1] for f in features] == [4, 4, 8, 16, 32, 32, 32]


def test_a_logit_hears_as_far_as_its_kernels_reach():
    field, step = 1, 1
    for _, kernel, stride, _ in (*LAYERS, (0, 3, 1, 0)):
        field, step = field + (kernel - 1) * step, step * stride
    samples = 3 * field + 1
    x = torch.randn(1, 1, samples, requires_grad=True)
    logits, _ = ScaleCritic(1, 16, 0, False)(x)
    (slope,) = torch.autograd.grad(logits[0, logits.shape[1] // 2], x)
    heard = slope[0, 0].nonzero()[:, 0]
    assert field * 0.98 < int(heard.max() - heard.min()) + 1 <= field


@pytest.mark.parametrize("width", [1, 3, 5, 7])
def test_odd_widths_have_as_many_groups_as_divide_them(width):
    logits, _ = ScaleCritic(2, width, 0, True)(torch.randn(1, 2, 300))
    assert logits.isfinite().all()
