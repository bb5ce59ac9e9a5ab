import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.generators import draw_fakes
from multigan.core.types import Spec
from multigan.plugins.image.degrade import Hole
from multigan.plugins.image.unet import UNet, build_unet, mirrored


def count(net):
    return sum(param.numel() for param in net.parameters())


@pytest.mark.parametrize(
    ("downs", "width", "expected"),
    [
        (8, 64, 54_413_955),
        (8, 32, 13_608_259),
        (8, 16, 3_404_451),
        (8, 8, 852_307),
        (7, 64, 41_828_995),
        (7, 32, 10_461_507),
        (7, 16, 2_617_507),
        (7, 8, 655_443),
        (6, 64, 29_244_035),
        (6, 32, 7_314_755),
        (6, 16, 1_830_563),
        (6, 8, 458_579),
        (5, 8, 261_715),
    ],
)
def test_the_unets_of_the_paper_to_the_last_parameter(downs, width, expected):
    with torch.device("meta"):
        assert count(UNet(3, 3, width, downs, "batch", 0.5)) == expected


@pytest.mark.parametrize("size", [(64, 64), (65, 3), (1, 1), (33, 100)])
def test_size_out_is_size_in(size):
    net = build_unet(Spec("image", (3, 64, 64)), Spec("image", (1, 64, 64)), width=2)
    assert net.multiple == 32
    assert net(torch.zeros(2, 0), source=torch.randn(2, 1, *size)).shape == (2, 3, *size)


def test_what_is_mirrored():
    x = torch.arange(3.0).view(1, 1, 1, 3)
    assert mirrored(x, 1) is x
    assert mirrored(torch.arange(6.0).view(1, 1, 2, 3), 2).tolist() == [[[[0, 1, 2, 1], [3, 4, 5, 4]]]]
    assert mirrored(x, 8)[0, 0, 5].tolist() == [0, 1, 2, 2, 2, 2, 2, 2]


def test_training_and_use_compute_the_same():
    net = build_unet(Spec("image", (1, 16, 16)), Spec("image", (1, 16, 16)), width=2)
    source = torch.randn(2, 1, 16, 16)
    a, b = net.train()(torch.zeros(2, 0), source=source), net.eval()(torch.zeros(2, 0), source=source)
    assert torch.equal(a, b)
    assert not torch.equal(a[0], a[1])


def test_what_is_known_is_copied_bit_for_bit():
    hole = Hole(0.25, 0.5)
    spec = Spec("image", (3, 16, 16))
    net = build_unet(spec, hole.spec(spec), width=2)
    real = torch.rand(4, 3, 16, 16) * 2 - 1
    source = hole(real, Draw(1))
    fake = draw_fakes(net, 4, Draw(0), None, source)
    missing = (source[:, -1:] > 0.5).expand_as(real)
    assert torch.equal(fake[~missing], real[~missing])
    assert not torch.isclose(fake[missing], real[missing]).any()


def test_other_sizes_are_refused():
    with pytest.raises(RecipeError, match="inputs of 8 × 8 for pictures of 16 × 16; expected one size"):
        build_unet(Spec("image", (3, 16, 16)), Spec("image", (3, 8, 8)))
