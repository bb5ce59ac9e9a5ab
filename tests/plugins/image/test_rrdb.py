import pytest
import torch
from torch.nn import functional as F

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.image.rrdb import RRDBNet, build_rrdb


@pytest.mark.parametrize(
    ("width", "blocks", "growth", "factor", "expected"),
    [(64, 23, 32, 4, 16_697_987), (64, 6, 32, 4, 4_467_779), (64, 23, 32, 2, 16_703_171)],
)
def test_the_published_nets_to_the_last_parameter(width, blocks, growth, factor, expected):
    with torch.device("meta"):
        net = RRDBNet(3, width, blocks, growth, factor)
    assert sum(param.numel() for param in net.parameters()) == expected


@pytest.mark.parametrize("factor", [1, 2, 4])
@pytest.mark.parametrize("size", [(8, 8), (5, 3)])
def test_the_untrained_net_is_bicubic_bit_for_bit_and_learns_from_there(factor, size):
    net = build_rrdb(Spec("image", (1, 8 * factor, 8 * factor)), Spec("image", (1, 8, 8)), width=4, blocks=1, growth=2)
    source = torch.randn(2, 1, *size)
    made = net(torch.zeros(2, 0), source=source)
    base = F.interpolate(source, scale_factor=factor, mode="bicubic", align_corners=False) if factor > 1 else source
    assert torch.equal(made, base)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.zeros(2, 0), source=source).square().mean().backward()
        optimizer.step()
    assert all(bool(param.grad.any()) for param in net.parameters())


def test_moved_by_a_multiple_the_net_does_the_same():
    net = RRDBNet(1, 4, 1, 2, 1)
    torch.nn.init.normal_(net.last.weight)
    source = torch.randn(1, 1, 96, 8)
    one, other = (net(torch.zeros(1, 0), source=x)[:, :, 44:48] for x in (source, source.roll(net.multiple, 2)))
    torch.testing.assert_close(one, net(torch.zeros(1, 0), source=source.roll(net.multiple, 2))[:, :, 48:52])
    assert not torch.allclose(one, other)


@pytest.mark.parametrize(
    ("large", "small"), [((1, 24, 24), (1, 8, 8)), ((3, 8, 8), (1, 4, 4)), ((1, 8, 12), (1, 4, 4))]
)
def test_other_sizes_are_refused(large, small):
    with pytest.raises(RecipeError, match="1, 2 or 4 times the input's"):
        build_rrdb(Spec("image", large), Spec("image", small))
