import pytest
import torch

from multigan.core.errors import RecipeError
from multigan.core.types import Spec
from multigan.plugins.audio import spectrogram


def spec(channels=1, samples=2048, classes=()):
    return Spec("audio", (channels, samples), classes, {"sample_rate_hz": 8000})


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("conditional", [False, True])
def test_z_to_waves_to_logits(channels, conditional):
    what = spec(channels, classes=("a", "b", "c"))
    G = spectrogram.build_generator(what, width=4, conditional=conditional)
    D = spectrogram.build_discriminator(what, width=4, conditional=conditional)
    cond = torch.tensor([0, 1, 2]) if conditional else None
    waves = G(torch.randn(3, 64), cond)
    assert waves.shape == (3, channels, 2048)
    assert waves.abs().max() <= 1
    critique = D(waves, cond)
    assert critique.logits[0].shape == (3,)
    assert len(critique.features) >= 2
    (-critique.logits[0].mean()).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in G.parameters())


def test_d_looks_at_the_sound_and_not_at_its_phase():
    D = spectrogram.build_discriminator(spec(), width=4).eval()
    wave = 0.1 * torch.randn(2, 1, 2048)
    assert torch.allclose(D(wave).logits[0], D(-wave).logits[0])
    assert not torch.allclose(D(wave).logits[0], D(0.1 * wave).logits[0])


def test_the_same_z_is_the_same_sound():
    G = spectrogram.build_generator(spec(), width=4).eval()
    z = torch.randn(2, 64)
    alone, together = G(z[:1]), G(z)
    assert torch.allclose(alone, together[:1], atol=1e-5)
    assert not [name for name in G.state_dict() if "picture" in name]


def test_pictures_are_no_waves():
    with pytest.raises(RecipeError, match="waves of shape"):
        spectrogram.build_generator(Spec("image", (1, 8, 8)))
