import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins.image.patch import PatchD, build_patch, receptive_field


def count(net):
    return sum(param.numel() for param in net.parameters())


@pytest.mark.parametrize(
    ("layers", "width", "expected"),
    [
        (3, 64, 2_768_705),
        (3, 32, 696_225),
        (3, 16, 176_081),
        (3, 8, 45_033),
        (2, 64, 666_433),
        (2, 32, 169_377),
        (2, 16, 43_729),
        (2, 8, 11_625),
        (0, 64, 9_024),
    ],
)
def test_the_discriminators_of_the_paper_to_the_last_parameter(layers, width, expected):
    with torch.device("meta"):
        assert count(PatchD(6, width, layers, "batch")) == expected


@pytest.mark.parametrize(("layers", "field"), [(3, 70), (2, 34), (1, 16), (0, 1)])
def test_a_logit_sees_exactly_its_patch(layers, field):
    assert receptive_field(layers) == field
    x = torch.randn(1, 1, 96, 96, requires_grad=True)
    logits = PatchD(1, 4, layers, "none")(x).logits[0]
    (gradient,) = torch.autograd.grad(logits[0, logits.shape[1] // 2, logits.shape[2] // 2], x)
    touched = gradient[0, 0].nonzero()
    assert (touched.max(0).values - touched.min(0).values + 1).tolist() == [field, field]


@pytest.mark.parametrize(("side", "layers"), [(256, 3), (64, 2), (32, 1), (8, 1), (4, 0)])
def test_layers_follow_the_size(side, layers):
    net = build_patch(Spec("image", (6, side, side)), width=4)
    assert sum(block[0].stride[0] == 2 for block in net.blocks) == layers
    assert net(torch.zeros(2, 6, side, side)).logits[0].shape[0] == 2
