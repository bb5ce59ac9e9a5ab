import pytest
import torch
from torch.nn import functional as F

from multigan.core.types import Spec
from multigan.plugins.image.pixel import PixelD, build_pixel


def test_the_discriminator_of_real_esrgan_to_the_last_parameter():
    with torch.device("meta"):
        assert sum(param.numel() for param in PixelD(3, 64).parameters()) == 4_376_897


@pytest.mark.parametrize("size", [(8, 8), (16, 24), (37, 19)])
def test_every_pixel_has_a_logit_whatever_the_sides(size):
    net = build_pixel(Spec("image", (3, *size)), width=4)
    critique = net(torch.randn(2, 3, *size))
    assert critique.logits[0].shape == (2, *size)
    assert critique.features[0].shape == (2, 4, *size)
    assert critique.features[-1].shape == (2, 4, *size)
    assert len(critique.features) == 7


def test_the_logits_are_those_of_the_published_order_of_layers():
    net = PixelD(1, 2).double()
    x = torch.randn(1, 1, 16, 16, dtype=torch.float64)

    def conv(layer, x, stride=1):
        return F.leaky_relu(F.conv2d(x, layer.weight, layer.bias, stride, 1), 0.2)

    def twice(x):
        return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)

    a = conv(net.first, x)
    b = conv(net.down[0], a, 2)
    c = conv(net.down[1], b, 2)
    d = conv(net.down[2], c, 2)
    y = conv(net.up[0], twice(d)) + c
    y = conv(net.up[1], twice(y)) + b
    y = conv(net.up[2], twice(y)) + a
    y = conv(net.last[1], conv(net.last[0], y))
    expected = F.conv2d(y, net.out.weight, net.out.bias, 1, 1)
    assert torch.allclose(net(x).logits[0], expected[:, 0], atol=1e-12)


def test_a_logit_reaches_far_beyond_its_pixel():
    x = torch.randn(1, 1, 64, 64, requires_grad=True)
    logits = PixelD(1, 4)(x).logits[0]
    (gradient,) = torch.autograd.grad(logits[0, 32, 32], x)
    touched = gradient[0, 0].nonzero()
    assert (touched.max(0).values - touched.min(0).values).min() > 30
