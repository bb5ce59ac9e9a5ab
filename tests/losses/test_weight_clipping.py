import torch
from torch import nn

from multigan.losses.weight_clipping import clip


def test_clip_bounds_every_parameter_in_place_and_leaves_small_ones():
    D = nn.Linear(3, 2)
    with torch.no_grad():
        D.weight.copy_(torch.tensor([[-1.0, 0.005, 1.0], [0.0, -0.02, 0.01]]))
        D.bias.fill_(-7)
    kept = D.weight
    clip(D, limit=0.01)
    assert D.weight is kept
    torch.testing.assert_close(D.weight, torch.tensor([[-0.01, 0.005, 0.01], [0.0, -0.01, 0.01]]))
    torch.testing.assert_close(D.bias, torch.full((2,), -0.01))
