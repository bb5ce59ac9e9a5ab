import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

from multigan.core.types import Spec
from multigan.plugins.audio import modality
from multigan.provenance import labels as provenance

LABEL = provenance.label("g", "h", "drums", 0)


@pytest.mark.parametrize("channels", [1, 2])
def test_saved_sounds_come_back_within_a_level(tmp_path, channels):
    fake = torch.rand(2, channels, 500) * 2 - 1
    spec = Spec("audio", (channels, 500), (), {"sample_rate_hz": 8000})
    paths = modality.save(modality.render(fake, spec), tmp_path, ["a", "b"], LABEL, raw=True)
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


@pytest.mark.parametrize(("bits", "subtype"), [(16, "PCM_16"), (24, "PCM_24"), ("float", "FLOAT")])
def test_saving_finishes_sounds_and_writes_what_stands_beside(tmp_path, bits, subtype):
    spec = Spec("audio", (1, 2000), (), {"sample_rate_hz": 8000})
    wave = torch.linspace(0, 300, 2000).sin() * torch.linspace(1, 0, 2000) ** 8 * 0.3
    options = {"bits": bits, "rate": 16_000, "sfz": True, "contact_sheet": True}
    (path,) = modality.save(modality.render(wave[None, None], spec), tmp_path, ["3-00000"], LABEL, **options)
    info = soundfile.info(path)
    assert (info.samplerate, info.subtype) == (16_000, subtype)
    assert info.frames < 4000
    found, _ = soundfile.read(path)
    assert np.abs(found).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
    assert found[0] == found[-1] == 0
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["3-00000.wav", "contact-sheet.png", "index.json", "map.sfz", "map.sfz.json"]
    for name in names[:-1]:
        assert provenance.read(tmp_path / name) == LABEL
