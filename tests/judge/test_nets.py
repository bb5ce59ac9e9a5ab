import pytest
import torch

from multigan.judge.nets import judge_net


@pytest.mark.parametrize(
    "shape", [(1, 8, 8), (3, 32, 32), (6, 64, 64), (1, 64, 128), (1, 64, 1), (21, 20), (4, 3), (4, 4096), (2,), (300,)]
)
def test_every_shape_of_samples_gets_one_logit_each(shape):
    net = judge_net(shape).eval()
    logits = net(torch.randn(3, *shape))
    assert logits.shape == (3,)
    assert logits.isfinite().all()


def test_large_pictures_cost_about_what_small_ones_do():
    first = [judge_net((1, side, side)).body[:1](torch.zeros(1, 1, side, side)).shape[2] for side in (32, 64, 256)]
    assert first == [32, 32, 32]
