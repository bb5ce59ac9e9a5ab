import math

import pytest
import torch

from multigan.core.draw import Draw
from multigan.plugins.points.augment import AUGMENTATIONS, jitter, rotate

X = torch.randn(500, 2, generator=torch.Generator().manual_seed(0))


def test_rotation_keeps_lengths_and_turns_ten_degrees_at_most():
    out = rotate(X, Draw(0))
    torch.testing.assert_close(out.norm(dim=1), X.norm(dim=1))
    angle = torch.atan2(X[:, 0] * out[:, 1] - X[:, 1] * out[:, 0], (X * out).sum(1)) * 180 / math.pi
    assert -10.01 < angle.min() < -9
    assert 9 < angle.max() < 10.01


def test_jitter_is_small():
    assert abs((jitter(X, Draw(0)) - X).std().item() / 0.02 - 1) < 0.1


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_gradients_are_right(name):
    x = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: AUGMENTATIONS[name](x, Draw(1)), (x,))
