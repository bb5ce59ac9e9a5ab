import numpy as np
import pytest
import soundfile
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError, RecipeError
from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.audio.background import build_background, loudness

RATE = 8000
SPEC = Spec("audio", (1, 2048), (), {"sample_rate_hz": RATE})


def built(**options):
    return build_background(modalities.get("audio"), SPEC, **options)


@pytest.mark.parametrize("kind", ["white", "pink", "brown", "hum", "clicks", "babble"])
def test_noise_is_as_loud_as_asked(kind):
    x = torch.randn(6, 2, 2048) * torch.tensor([0.1, 0.3, 0.02, 0.1, 0.5, 0.2])[:, None, None]
    noise = built(kinds=(kind,), snr_db=(7.0, 7.0))(x, Draw(0)) - x
    assert torch.allclose(10 * (loudness(x) / noise.square().mean((1, 2))).log10(), torch.full((6,), 7.0), atol=0.05)
    assert torch.equal(noise[:, 0], noise[:, 1]) or (noise[:, 0] - noise[:, 1]).abs().max() < 1e-6


def test_pauses_do_not_count_and_silence_gets_faint_noise():
    x = torch.zeros(2, 1, 2048)
    x[0, :, :1024] = 0.2 * torch.randn(1024)
    assert loudness(x)[0] == pytest.approx(0.04, rel=0.2)
    noise = built(kinds=("white",), snr_db=(0.0, 0.0))(x, Draw(0)) - x
    assert noise[1].square().mean() == pytest.approx(1e-4, rel=1e-3)


def test_equal_draws_give_equal_noise_and_kinds_and_ratios_vary():
    x, view = torch.randn(64, 1, 2048), built()
    one, same, other = (view(x, Draw(0, step)) for step in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    ratio = 10 * (loudness(x) / (one - x).square().mean((1, 2))).log10()
    assert ratio.min() < 0 < 10 < ratio.max()
    assert ratio.min() > -5.1
    assert ratio.max() < 15.1


def recorded(folder):
    folder.mkdir()
    time = np.arange(6000) / RATE
    soundfile.write(folder / "tone.wav", 0.3 * np.sin(2 * np.pi * 1000 * time), RATE)
    soundfile.write(folder / "short.wav", 0.3 * np.sin(2 * np.pi * 1000 * time[:400]), RATE)
    (folder / "notes.txt").write_text("no sound")
    return str(folder)


def test_noises_of_a_person_are_used(tmp_path):
    view = built(kinds=(), source=recorded(tmp_path / "mine"), snr_db=(0.0, 0.0))
    noise = view(torch.zeros(8, 1, 2048) + 0.1, Draw(0)) - 0.1
    power = torch.fft.rfft(noise[:, 0]).abs().square()
    tone = power[:, 250:263].sum(1) / power.sum(1)  # 1,000 Hz is bin 256
    assert tone.min() > 0.9
    both = built(kinds=("white",), source=recorded(tmp_path / "again"), snr_db=(0.0, 0.0))
    power = torch.fft.rfft((both(torch.zeros(32, 1, 2048) + 0.1, Draw(0)) - 0.1)[:, 0]).abs().square()
    share = ((power[:, 250:263].sum(1) / power.sum(1)) > 0.9).double().mean()
    assert 0.2 < share < 0.8


def test_a_folder_that_is_elsewhere_is_said_before_training_and_not_when_a_generator_is_used(tmp_path):
    gone = str(tmp_path / "gone")
    with pytest.raises(RecipeError, match="gone"):
        build_background(modalities.get("audio"), Spec("audio", (1,) * 4), source=gone)
    view = built(source=gone)
    with pytest.raises(DataError, match="gone"):
        view(torch.ones(4, 1, 2048), Draw(0))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no noise"):
        built(kinds=(), source=str(tmp_path / "empty"))(torch.ones(4, 1, 2048), Draw(0))


def test_what_cannot_be_is_refused_in_words():
    with pytest.raises(RecipeError, match="lower end first"):
        built(snr_db=(10.0, 0.0))
    with pytest.raises(RecipeError, match="no kinds"):
        built(kinds=())
    with pytest.raises(RecipeError, match="on image"):
        build_background(modalities.get("image"), Spec("image", (1, 8, 8)))
