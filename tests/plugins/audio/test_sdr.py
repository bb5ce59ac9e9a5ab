import numpy as np
import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.audio.sdr import Distortion, si_sdr


def test_it_is_the_ratio_of_its_definition_whatever_the_scale():
    rng = np.random.default_rng(0)
    s, y = rng.standard_normal((2, 1000))
    y = s + 0.3 * y
    a, b = s - s.mean(), y - y.mean()
    image = a * (a @ b) / (a @ a)
    wanted = 10 * np.log10((image @ image) / ((b - image) @ (b - image)))
    for scale in (1.0, 0.01, -3.0):
        found = si_sdr(torch.tensor(s)[None, None], scale * torch.tensor(y)[None, None])
        assert float(found) == pytest.approx(wanted)


def test_ends_of_the_scale():
    x = torch.randn(1, 1, 100)
    assert si_sdr(x, x) == 60
    assert si_sdr(torch.zeros_like(x), x) == -60


def test_the_loss_falls_by_a_tenth_a_decibel_and_has_an_end():
    real = torch.randn(1, 1, 4000)
    error = torch.randn(1, 1, 4000)
    error = error / error.norm() * real.norm()
    term = Distortion(100.0)
    near, far = (term(None, real, real + scale * error, None, Draw(0)) for scale in (0.1, 1.0))
    assert float(far - near) == pytest.approx(2.0, abs=1e-4)
    assert float(Distortion(30.0)(None, real, real, None, Draw(0))) == pytest.approx(-3.0)
    silent = term(None, torch.zeros(1, 1, 9), torch.zeros(1, 1, 9) + 1e-2, None, Draw(0))
    assert torch.isfinite(silent).all()


def test_pictures_have_none():
    with pytest.raises(RecipeError, match="distortion"):
        Distortion.build(modalities.get("image"), Spec("image", (1, 8, 8)))
