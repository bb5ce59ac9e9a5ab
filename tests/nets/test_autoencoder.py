import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.generators import Encoding, encoding_of
from multigan.core.types import Spec
from multigan.nets.autoencoder import build_flat
from multigan.nets.mlp import build_flat_g


@pytest.mark.parametrize("conditional", [False, True])
def test_it_is_a_generator_with_an_encoder(conditional):
    spec = Spec("x", (3, 4), ("a", "b"))
    net = build_flat(spec, nz=5, width=8, conditional=conditional).eval()
    cond = torch.tensor([0, 1]) if conditional else None
    assert isinstance(net, Encoding)
    assert encoding_of(net) is net
    z = torch.randn(2, 5)
    assert net(z, cond).shape == (2, 3, 4)
    assert torch.equal(net(z, cond), net.decode(net.to_code(z, cond), cond))
    mean, log_deviation = net.encode(torch.randn(2, 3, 4), cond)
    assert mean.shape == log_deviation.shape == (2, 5)
    assert torch.allclose(net.to_z(net.to_code(z, cond), cond), z, atol=1e-5)
    assert net.surprise(mean, cond).shape == (2,)


def test_deviations_are_bounded():
    net = build_flat(Spec("x", (2,)), nz=2, width=4)
    wild = net.encode(1e6 * torch.randn(20, 2))[1]
    assert wild.min() >= -8
    assert wild.max() <= 2


def test_a_net_without_an_encoder_is_told():
    with pytest.raises(RecipeError, match="has no encoder"):
        encoding_of(build_flat_g(Spec("x", (2,))))
