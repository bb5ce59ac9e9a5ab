import pytest
import torch

from multigan.core.generators import Encoding
from multigan.core.types import Spec
from multigan.nets.dcgan_autoencoder import build_autoencoder


@pytest.mark.parametrize(("shape", "norm"), [((1, 16, 16), "batch"), ((3, 20, 11), "none")])
@pytest.mark.parametrize("conditional", [False, True])
def test_pictures_to_codes_and_back(shape, norm, conditional):
    net = build_autoencoder(Spec("image", shape, ("a", "b")), nz=5, width=4, norm=norm, conditional=conditional)
    assert isinstance(net, Encoding)
    cond = torch.tensor([0, 1, 1]) if conditional else None
    x = torch.rand(3, *shape)
    mean, log_deviation = net.encode(x, cond)
    assert mean.shape == log_deviation.shape == (3, 5)
    (net.decode(mean, cond) - x).square().mean().backward()
    assert net.decode(mean, cond).shape == x.shape
    halves = [*net.encoder.parameters(), *net.decoder.parameters()]
    missing = [param for param in halves if param.grad is None]
    assert len(missing) == 0
    assert net(torch.randn(3, 5), cond).abs().max() <= 1


def test_a_picture_has_a_z():
    net = build_autoencoder(Spec("image", (1, 8, 8)), nz=4, width=4).eval()
    z = torch.randn(2, 4)
    assert torch.allclose(net.to_z(net.to_code(z)), z, atol=1e-5)
