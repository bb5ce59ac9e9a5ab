import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.inputs.degraded import Degraded
from multigan.inputs.meter import steady
from multigan.plugins.audio.mel_degrade import build_mel

SPEC = Spec("audio", (2, 2048), ("a",), {"sample_rate_hz": 8000})


def test_it_says_what_it_makes():
    view = build_mel(None, SPEC)
    inputs = Degraded([view], SPEC)
    made = inputs.make(torch.rand(3, 2, 2048), None, Draw(0))
    assert made.shape[1:] == inputs.spec.shape == (80, 33)
    assert inputs.spec.meta["mel"]["hop"] == 64
    assert inputs.spec.classes == ()


def test_it_draws_nothing():
    assert steady([build_mel(None, SPEC)], SPEC)


def test_the_gradient_goes_through_and_is_finite_in_silence():
    view, x = build_mel(None, SPEC), torch.zeros(1, 2, 2048, requires_grad=True)
    view(x, Draw(0)).sum().backward()
    assert x.grad.isfinite().all()


def test_it_is_for_sounds():
    with pytest.raises(RecipeError, match="the degradation 'mel' on image; expected sounds"):
        build_mel(None, Spec("image", (1, 8, 8)))
    assert build_mel(None, Spec("audio", (1,) * 4)).rate == 0  # a recipe is checked before data is read
