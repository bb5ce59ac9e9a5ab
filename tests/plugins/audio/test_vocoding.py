import numpy as np
import pytest
import torch

from multigan.core.types import Spec
from multigan.plugins import modalities
from multigan.plugins.audio import clarity
from multigan.plugins.audio.mel_degrade import build_mel
from multigan.plugins.audio.vocoding import as_sound, spectral_distance

SPEC = Spec("audio", (1, 4096), meta={"sample_rate_hz": 8000})


def test_the_rival_and_its_elder_brother_are_griffin_lim():
    view = build_mel(None, SPEC)
    given, source = view(torch.randn(2, 1, 4096) * 0.1, None), view.spec(SPEC)
    name, sound = clarity.rival(given, source, SPEC)
    assert name == "Griffin-Lim, 32 iterations"
    assert sound.shape == (2, 1, 4096)
    assert list(clarity.contenders(given, source, SPEC)) == ["Griffin-Lim, 100 iterations"]
    assert as_sound(given, SPEC) is None
    assert clarity.cells(given, sound, SPEC) == {}


def test_a_spectrum_is_rendered_as_its_sound():
    view = build_mel(None, SPEC)
    given = view(torch.randn(1, 1, 4096) * 0.1, None)
    ((wave, rate),) = modalities.get("audio").render(given, view.spec(SPEC))
    assert (wave.shape, rate) == ((4096,), 8000)


@pytest.mark.parametrize("samples", [300, 2000])
def test_the_distance_equals_float64(samples):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, samples)) * 0.1
    gaps = []
    for window in (w for w in (512, 256, 128) if w <= samples):
        shape = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
        sides = []
        for x in (a, b):
            padded = np.pad(x, window // 2)
            frames = np.lib.stride_tricks.sliding_window_view(padded, window)[:: window // 4]
            sides.append(np.maximum(np.abs(np.fft.rfft(frames * shape)), 1e-4))
        gaps.append(
            np.linalg.norm(sides[0] - sides[1]) / np.linalg.norm(sides[0])
            + np.abs(np.log(sides[0]) - np.log(sides[1])).mean()
        )
    got = spectral_distance(*(torch.from_numpy(x).float()[None, None] for x in (a, b)))
    assert got.item() == pytest.approx(np.mean(gaps), rel=1e-3)
    assert spectral_distance(torch.ones(1, 1, 50), torch.zeros(1, 1, 50)).item() == 1
