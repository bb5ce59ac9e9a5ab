import numpy as np
import pytest
import torch
from PIL import Image

from multigan.core.types import Spec
from multigan.plugins.image import modality
from multigan.provenance import labels as provenance

LABEL = provenance.label("g", "h", "digits", 0)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_saved_pictures_come_back_within_a_level(tmp_path, channels):
    fake = torch.rand(3, channels, 6, 5) * 2 - 1
    spec = Spec("image", (channels, 6, 5))
    paths = modality.save(modality.render(fake, spec), tmp_path, ["a", "b", "c"], LABEL)
    for path, item in zip(paths, fake, strict=True):
        with Image.open(path) as image:
            array = np.asarray(image).reshape(6, 5, channels)
        back = modality.to_real(torch.from_numpy(array.copy()).permute(2, 0, 1)[None], spec)[0]
        assert (back - item).abs().max() <= 1 / 255
        assert provenance.read(path) == LABEL


def test_values_outside_the_range_are_clamped():
    black, white = modality.render(torch.tensor([-9.0, 9.0]).view(2, 1, 1, 1), Spec("image", (1, 1, 1)))
    assert (black.getpixel((0, 0)), white.getpixel((0, 0))) == (0, 255)


@pytest.mark.parametrize("n", [1, 5, 64])
def test_a_sheet_is_large_enough_to_see(tmp_path, n):
    samples = modality.render(torch.zeros(n, 1, 16, 16), Spec("image", (1, 16, 16)))
    with Image.open(modality.sheet(samples, tmp_path / "sheet", LABEL)) as image:
        assert image.width >= 400


def test_two_channels_are_red_and_cyan():
    fake = torch.tensor([[1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0]]).view(4, 2, 1, 1)
    colours = [image.getpixel((0, 0)) for image in modality.render(fake, Spec("image", (2, 1, 1)))]
    assert colours == [(255, 0, 0), (0, 255, 255), (255, 255, 255), (0, 0, 0)]
