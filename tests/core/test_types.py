import torch

from multigan.core.draw import Draw
from multigan.core.types import Critique, Latent, as_critique


def test_a_bare_tensor_is_a_critique_of_one_head():
    logits = torch.zeros(3)
    assert as_critique(logits).logits[0] is logits
    critique = Critique((logits, logits), (logits,))
    assert as_critique(critique) is critique


def test_latents_have_their_shape_and_range():
    assert Latent((0,)).sample(4, Draw(0)).shape == (4, 0)
    z = Latent((50,), "uniform").sample(200, Draw(0))
    assert z.min() >= -1
    assert z.max() < 1
    assert abs(z.mean()) < 0.02
    z = Latent((2, 5)).sample(2000, Draw(0))
    assert abs(z.std() - 1) < 0.02
