import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

from multigan import provenance
from multigan.plugins.audio import modality
from multigan.types import Spec

LABEL = provenance.label("g", "h", "drums", 0)


@pytest.mark.parametrize("channels", [1, 2])
def test_saved_sounds_come_back_within_a_level(tmp_path, channels):
    fake = torch.rand(2, channels, 500) * 2 - 1
    spec = Spec("audio", (channels, 500), (), {"sample_rate_hz": 8000})
    paths = modality.save(modality.render(fake, spec), tmp_path, ["a", "b"], LABEL)
    for path, item in zip(paths, fake, strict=True):
        wave, rate = soundfile.read(path, always_2d=True)
        assert rate == 8000
        assert np.abs(wave.T - item.numpy()).max() <= 1 / 32767
        assert provenance.read(path) == LABEL


@pytest.mark.parametrize("channels", [1, 2])
def test_a_sheet_shows_and_plays_all_sounds(tmp_path, channels):
    spec = Spec("audio", (channels, 2000), (), {"sample_rate_hz": 8000})
    sounds = modality.render(torch.randn(5, channels, 2000).clamp(-1, 1), spec)
    picture = modality.sheet(sounds, tmp_path / "sheet", LABEL)
    with Image.open(picture) as image:
        assert image.width > 300
    wave, _ = soundfile.read(tmp_path / "sheet.wav")
    assert len(wave) == 5 * (2000 + 800)
