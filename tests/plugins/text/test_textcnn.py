import pytest
import torch
import torch.nn.functional as F

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.plugins.text.textcnn import build_d


@pytest.mark.parametrize("length", [1, 3, 20])
def test_any_length_with_gradients_everywhere(length):
    D = build_d(Spec("text", (length, 11)), embed=4, filters=3)
    x = F.softmax(torch.randn(6, length, 11), -1).requires_grad_(True)
    critique = D(x, None, Draw(0))
    assert critique.logits[0].shape == (6,)
    critique.logits[0].square().sum().backward()
    assert x.grad.abs().sum() > 0
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in D.parameters())


def test_ids_and_one_hots_are_the_same():
    D = build_d(Spec("text", (5, 11)))
    ids = torch.randint(11, (4, 5))
    torch.testing.assert_close(D(ids).logits[0], D(F.one_hot(ids, 11).float()).logits[0])


def test_dropout_comes_from_the_draw_alone():
    D = build_d(Spec("text", (5, 11)))
    x = F.one_hot(torch.randint(11, (4, 5)), 11).float()
    a, b, c = (D(x, None, draw).logits[0] for draw in (Draw(0), Draw(0), Draw(1)))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)
    assert torch.equal(D(x).logits[0], D.eval()(x, None, Draw(0)).logits[0])
