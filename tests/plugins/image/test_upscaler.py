import pytest
import torch
from torch.nn import functional as F

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.image.upscaler import Upscaler, build_upscaler


@pytest.mark.parametrize(
    ("width", "layers", "factor", "expected"), [(64, 16, 4, 621_424), (64, 32, 4, 1_213_296), (32, 8, 2, 78_636)]
)
def test_the_compact_nets_to_the_last_parameter(width, layers, factor, expected):
    with torch.device("meta"):
        assert sum(param.numel() for param in Upscaler(3, width, layers, factor).parameters()) == expected


@pytest.mark.parametrize("size", [(4, 4), (5, 3), (1, 7)])
def test_the_untrained_net_is_bicubic_bit_for_bit_and_learns_from_there(size):
    net = build_upscaler(Spec("image", (1, 12, 12)), Spec("image", (1, 4, 4)), width=4, layers=1)
    source = torch.randn(2, 1, *size)
    made = net(torch.zeros(2, 0), source=source)
    assert torch.equal(made, F.interpolate(source, scale_factor=3, mode="bicubic", align_corners=False))
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.zeros(2, 0), source=source).square().mean().backward()
        optimizer.step()
    assert all(bool(param.grad.any()) for param in net.parameters())


@pytest.mark.parametrize(("large", "small"), [((1, 8, 8), (1, 3, 4)), ((3, 8, 8), (1, 4, 4)), ((1, 8, 12), (1, 4, 4))])
def test_sizes_that_are_no_multiples_are_refused(large, small):
    with pytest.raises(RecipeError, match="the same multiple of the input's"):
        build_upscaler(Spec("image", large), Spec("image", small))
