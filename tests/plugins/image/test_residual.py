import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins.image.residual import build_d, build_g


@pytest.mark.parametrize("shape", [(1, 4, 4), (1, 8, 8), (3, 17, 23), (1, 28, 28), (2, 32, 64)])
@pytest.mark.parametrize("conditional", [False, True])
def test_any_shape_with_gradients_everywhere(shape, conditional):
    spec = Spec("image", shape, ("a", "b", "c"))
    G, D = (build(spec, width=4, conditional=conditional) for build in (build_g, build_d))
    with torch.no_grad():
        for p in [*G.parameters(), *D.parameters()]:
            p.add_(0.05 * torch.randn_like(p))  # away from the zeros of the residual branches
    cond = torch.tensor([0, 2])
    fake = G(torch.randn(2, 64), cond)
    assert fake.shape == (2, *shape)
    critique = D(fake, cond)
    assert critique.logits[0].shape == (2,)
    critique.logits[0].square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for net in (G, D) for p in net.parameters())


def test_a_block_starts_as_the_identity():
    spec = Spec("image", (1, 16, 16))
    stage = build_d(spec).stages[0]
    x = torch.randn(2, 64, 16, 16)[:, : stage[0].first.in_channels]
    assert torch.equal(stage(x), x)


@pytest.mark.parametrize("conditioning", ["concat", "batch", "instance", "film"])
def test_every_conditioning_and_the_spread_of_groups(conditioning):
    spec = Spec("image", (1, 16, 16), ("a", "b", "c"))
    G = build_g(spec, nz=5, width=4, conditional=True, conditioning=conditioning)
    D = build_d(spec, width=4, conditional=True, minibatch_std=2)
    with torch.no_grad():
        for p in [*G.parameters(), *D.parameters()]:
            p.add_(0.05 * torch.randn_like(p))
    cond = torch.tensor([0, 1, 2, 1])
    fake = G(torch.randn(1, 5).expand(4, -1), cond)
    assert not torch.allclose(fake[0], fake[1])
    torch.testing.assert_close(fake[1], fake[3])
    critique = D(fake, cond)
    critique.logits[0].square().sum().backward()
    assert critique.logits[0].shape == (4,)
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for net in (G, D) for p in net.parameters())
