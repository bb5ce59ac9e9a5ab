import torch

from multigan.nets.mlp import build_d, build_g
from multigan.types import Spec

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
