import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.audio.wavegan import build_discriminator, build_generator


def count(net):
    return sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize(("samples", "g", "d"), [(16_384, 19_065_345, 17_427_969), (65_536, 73_149_953, 69_875_201)])
def test_the_papers_nets_have_their_number_of_parameters(samples, g, d):
    spec = Spec("audio", (1, samples))
    with torch.device("meta"):
        assert count(build_generator(spec)) == g
        assert count(build_discriminator(spec)) == d


@pytest.mark.parametrize("upsample", ["transpose", "nearest", "linear"])
@pytest.mark.parametrize("shape", [(1, 1000), (2, 8192), (1, 22050), (1, 64)])
@pytest.mark.parametrize("kernel", [24, 25])
def test_any_length_with_gradients_everywhere(shape, upsample, kernel):
    spec = Spec("audio", shape)
    G = build_generator(spec, width=2, latent=5, upsample=upsample, kernel=kernel, post_filter=True)
    D = build_discriminator(spec, width=2, kernel=kernel)
    z = G.latent.sample(3, Draw(0))
    assert z.abs().max() <= 1
    fake = G(z)
    assert fake.shape == (3, *shape)
    critique = D(fake, None, Draw(0))
    assert critique.logits[0].shape == (3,)
    critique.logits[0].square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for net in (G, D) for p in net.parameters())


def test_phase_shuffle_really_runs_and_only_with_a_draw():
    D = build_discriminator(Spec("audio", (1, 1024)), width=4)
    x = torch.randn(4, 1, 1024)
    a, b, c = (D(x, None, draw).logits[0] for draw in (Draw(0), Draw(0), Draw(1)))
    assert torch.equal(a, b)
    assert not torch.allclose(a, c)
    still = build_discriminator(Spec("audio", (1, 1024)), width=4, phase_shuffle=0)
    assert torch.equal(still(x, None, Draw(0)).logits[0], still(x, None, Draw(1)).logits[0])


def test_the_post_filter_starts_as_the_identity_and_is_really_called():
    G = build_generator(Spec("audio", (1, 1024)), width=2, post_filter=True)
    z = torch.rand(2, 100)
    with torch.no_grad():
        filtered = G(z)
        G.post_filter.weight.mul_(0.5)
        torch.testing.assert_close(G(z), 0.5 * filtered)


def test_classes_reach_both_nets():
    spec = Spec("audio", (1, 256), ("a", "b"))
    G, D = build_generator(spec, width=2, conditional=True), build_discriminator(spec, width=2, conditional=True)
    z = torch.rand(1, 100).expand(2, -1)
    fake = G(z, torch.tensor([0, 1]))
    assert not torch.allclose(fake[0], fake[1])
    with torch.no_grad():
        D.embed.weight.normal_()
    logits = D(fake[:1].expand(2, -1, -1), torch.tensor([0, 1])).logits[0]
    assert logits[0] != logits[1]


def test_wrong_options_are_named():
    spec = Spec("audio", (1, 256))
    with pytest.raises(RecipeError, match="linear, nearest, transpose"):
        build_generator(spec, upsample="cubic")
    with pytest.raises(RecipeError, match="kernel = 2"):
        build_generator(spec, kernel=2)
    with pytest.raises(RecipeError, match="phase_shuffle"):
        build_discriminator(spec, phase_shuffle=-1)
    with pytest.raises(RecipeError, match="without labels"):
        build_generator(spec, conditional=True)


@pytest.mark.parametrize("conditioning", ["concat", "batch", "instance", "film"])
def test_every_conditioning_and_the_spread_of_groups(conditioning):
    spec = Spec("audio", (1, 1024), ("kick", "snare", "hat"))
    G = build_generator(spec, width=2, latent=5, conditional=True, conditioning=conditioning)
    D = build_discriminator(spec, width=2, conditional=True, minibatch_std=2)
    with torch.no_grad():
        for p in [*G.parameters(), *D.parameters()]:
            p.add_(0.05 * torch.randn_like(p))
    cond = torch.tensor([0, 1, 2, 1])
    fake = G(torch.rand(1, 5).expand(4, -1), cond)
    assert not torch.allclose(fake[0], fake[1])
    torch.testing.assert_close(fake[1], fake[3])
    critique = D(fake, cond, Draw(0))
    critique.logits[0].square().sum().backward()
    assert critique.logits[0].shape == (4,)
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for net in (G, D) for p in net.parameters())


def test_conditional_layers_need_classes():
    with pytest.raises(RecipeError, match=r"game\.conditional"):
        build_generator(Spec("audio", (1, 1024)), width=2, conditioning="instance")
