import torch

from multigan.core.types import Spec
from multigan.nets.mlp import build_d, build_g

SPEC = Spec("points", (2,))


def test_shapes_and_gradients():
    G, D = build_g(SPEC, nz=3, width=8, layers=2), build_d(SPEC, width=8, layers=2)
    critique = D(G(torch.randn(5, 3)))
    assert critique.logits[0].shape == (5,)
    assert critique.features[0].shape == (5, 8)
    critique.logits[0].sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for net in (G, D) for p in net.parameters())


def test_he_initialisation_keeps_the_size_of_activations():
    torch.manual_seed(0)
    D = build_d(Spec("points", (64,)), width=512, layers=4)
    hidden = D(torch.randn(256, 64)).features[0]
    assert 0.5 < hidden.square().mean().sqrt() < 1.5


def test_a_critic_with_the_spread_of_groups_sees_whether_samples_differ():
    D = build_d(SPEC, width=8, minibatch_std=4)
    apart, same = torch.randn(4, 2), torch.ones(4, 2)
    assert D(same).logits[0].unique().numel() == 1
    alone, together = D(apart[:1]).logits[0], D(apart).logits[0][:1]
    assert not torch.allclose(alone, together)
    assert D(apart).features[0].shape == (4, 8)
    D(apart).logits[0].sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in D.parameters())
