import pytest
import torch
from torch import nn

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.nets.conditional_norm import ConditionalNorm
from multigan.nets.dcgan import build_d, build_g


def count(net):
    return sum(p.numel() for p in net.parameters())


def test_at_64_pixels_it_is_the_papers_net():
    spec = Spec("image", (3, 64, 64))
    G, D = build_g(spec), build_d(spec)
    assert count(G) == 3_576_704
    assert count(D) == 2_765_568
    kernels = [tuple(m.weight.shape) for m in G.modules() if isinstance(m, nn.ConvTranspose2d)]
    assert kernels == [(100, 512, 4, 4), (512, 256, 4, 4), (256, 128, 4, 4), (128, 64, 4, 4), (64, 3, 4, 4)]
    weights = torch.cat([m.weight.detach().flatten() for m in G.modules() if isinstance(m, nn.ConvTranspose2d)])
    assert weights.std() == pytest.approx(0.02, rel=0.01)


SHAPES = [(1, 4, 4), (1, 8, 8), (2, 5, 9), (3, 17, 23), (1, 28, 28), (4, 64, 48), (3, 32, 96)]


@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize("up", ["transpose", "nearest"])
@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape(shape, norm, up):
    spec = Spec("image", shape)
    G, D = build_g(spec, width=4, nz=5, norm=norm, up=up), build_d(spec, width=4, norm=norm)
    fake = G(torch.randn(3, 5))
    assert fake.shape == (3, *shape)
    assert fake.abs().max() <= 1
    critique = D(fake)
    assert critique.logits[0].shape == (3,)
    critique.logits[0].square().sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for net in (G, D) for p in net.parameters())


def test_classes_reach_both_nets():
    spec = Spec("image", (1, 8, 8), ("a", "b"))
    G, D = build_g(spec, width=4, conditional=True, norm="none"), build_d(spec, width=4, conditional=True, norm="none")
    z = torch.randn(1, 100).expand(2, -1)
    fake = G(z, torch.tensor([0, 1]))
    assert not torch.allclose(fake[0], fake[1])
    same = fake[:1].expand(2, -1, -1, -1)
    logits = D(same, torch.tensor([0, 1])).logits[0]
    assert logits[0] != logits[1]


def test_without_norm_activations_keep_their_size():
    torch.manual_seed(0)
    spec = Spec("image", (3, 64, 64))
    G, D = build_g(spec, norm="none"), build_d(spec, norm="none")
    fake = G(torch.randn(16, 100))
    assert 0.05 < fake.std() < 1
    features = D(torch.randn(16, 3, 64, 64)).features
    assert all(0.1 < f.std() < 10 for f in features)


def with_options(shape, conditioning, group):
    spec = Spec("image", shape, ("a", "b", "c"))
    G = build_g(spec, width=4, nz=5, conditional=True, conditioning=conditioning)
    return G, build_d(spec, width=4, norm="none", conditional=True, minibatch_std=group)


@pytest.mark.parametrize("conditioning", ["concat", "batch", "instance", "film"])
@pytest.mark.parametrize("shape", [(1, 4, 4), (2, 5, 9), (3, 28, 28)])
def test_every_conditioning_reaches_every_parameter(shape, conditioning):
    G, D = with_options(shape, conditioning, 2)
    cond = torch.tensor([0, 1, 2, 0, 2, 1])
    fake = G(torch.randn(6, 5), cond)
    assert fake.shape == (6, *shape)
    logits = D(fake, cond).logits[0]
    assert logits.shape == (6,)
    logits.square().sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for net in (G, D) for p in net.parameters())


@pytest.mark.parametrize("conditioning", ["batch", "instance", "film"])
def test_gains_and_biases_take_the_place_of_plain_norms(conditioning):
    G, _ = with_options((1, 16, 16), conditioning, 0)
    assert G.embed is None
    assert not any(isinstance(m, nn.BatchNorm2d) for m in G.modules())
    z = torch.randn(1, 5).expand(2, -1)
    told = [m for m in G.modules() if isinstance(m, ConditionalNorm)]
    assert [m.gain.weight.shape[1] for m in told] == [8, 4]
    told[0].bias.weight.data[1] = 1.0
    fake = G(z, torch.tensor([0, 1]))
    assert not torch.allclose(fake[0], fake[1])


def test_conditional_layers_need_classes():
    with pytest.raises(RecipeError, match=r"game\.conditional"):
        build_g(Spec("image", (1, 8, 8)), conditioning="film")


def test_a_hidden_layer_weighs_one_place_by_another():
    """Without it what one corner says does not depend on another corner, on pictures wider than D's kernels reach."""

    def cross(hidden):
        torch.manual_seed(0)
        D = build_d(Spec("image", (1, 16, 16)), width=8, norm="none", hidden=hidden).double()
        x = torch.randn(4, 1, 16, 16)
        one, other, both = x.clone(), x.clone(), x.clone()
        one[..., :3, :3] += 1
        other[..., -3:, -3:] += 1
        both[..., :3, :3] += 1
        both[..., -3:, -3:] += 1
        logits = [D(z.double()).logits[0] for z in (x, one, other, both)]
        return (logits[3] - logits[2] - logits[1] + logits[0]).abs().max()

    assert cross(0) < 1e-12
    assert cross(16) > 1e-4
