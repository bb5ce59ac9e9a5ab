import io

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.datasets import load_sample_image

from multigan.plugins.image.jpeg import compressed


def _by_pillow(levels, quality):
    kept = io.BytesIO()
    Image.fromarray(levels).save(kept, "JPEG", quality=quality, subsampling=2)
    return np.asarray(Image.open(kept), dtype=np.float64)


@pytest.mark.parametrize("quality", [10, 40, 75, 95])
@pytest.mark.parametrize("grey", [False, True])
def test_pictures_come_out_as_from_pillows_files(quality, grey):
    photo = load_sample_image("china.jpg")[100:174, 200:299]  # no multiple of 8
    levels = photo[..., 0].copy() if grey else photo
    x = torch.from_numpy(levels.copy()).double().reshape(1, *levels.shape[:2], -1).permute(0, 3, 1, 2) / 127.5 - 1
    made = (compressed(x, torch.tensor([float(quality)])) + 1) * 127.5
    made = made[0].permute(1, 2, 0).numpy().reshape(levels.shape)
    wanted = _by_pillow(levels, quality)
    harm = np.abs(wanted - levels).mean()
    rounding = 0.7 if grey else 1.1  # of three planes, whose last digits fall elsewhere
    assert np.abs(made - wanted).mean() < max(rounding, 0.2 * harm)
    assert np.abs(made - levels).mean() == pytest.approx(harm, rel=0.1, abs=0.5)


def test_each_picture_has_its_own_quality_and_the_gradient_passes():
    x = torch.rand(2, 1, 16, 24, requires_grad=True)
    made = compressed(x, torch.tensor([5.0, 100.0]))
    harm = (made - x).abs().flatten(1).mean(1)
    assert harm[0] > 5 * harm[1]
    torch.testing.assert_close(made[:1], compressed(x[:1], torch.tensor([5.0])))
    made.sum().backward()
    assert bool(x.grad.any())
