import numpy as np
import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.inputs.meter import steady
from multigan.plugins.audio.narrow import build_narrow, lower

SPEC = Spec("audio", (1, 2048), meta={"sample_rate_hz": 8000})


@pytest.mark.parametrize("samples", [2048, 2047, 1001])
def test_what_is_above_is_gone_and_what_is_below_stays(samples):
    x = torch.randn(2, 1, samples)
    found = lower(x, 2000, 8000)
    spectrum, hertz = np.fft.rfft(x.double()), np.fft.rfftfreq(samples, 1 / 8000)
    wanted = np.fft.irfft(np.where(hertz <= 2000, spectrum, 0), samples)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert (lower(found, 2000, 8000) - found).abs().max() < 1e-6


def test_half_of_the_frequencies_by_default_and_it_says_so():
    view = build_narrow(None, SPEC)
    made = view.spec(SPEC)
    assert (made.shape, made.meta["narrow_hz"]) == (SPEC.shape, 2000)
    assert steady([view], SPEC)
    x = torch.randn(1, 1, 2048)
    assert torch.equal(view(x, Draw(0)), lower(x, 2000, 8000))


def test_there_must_be_something_above():
    with pytest.raises(RecipeError, match="narrow with hertz = 4000 at 8,000 Hz; expected below 4000"):
        build_narrow(None, SPEC, hertz=4000.0)
    with pytest.raises(RecipeError, match="the degradation 'narrow' on image"):
        build_narrow(None, Spec("image", (1, 4, 4)))
