import pytest
import torch

from multigan.core.draw import Draw
from multigan.core.errors import DataError
from multigan.plugins import modalities


def test_pictures_come_from_strips_that_share_no_pixel():
    data = modalities.get("image").load("photos")
    assert data.spec.shape == (3, 64, 64)
    assert len(data.items) == len(data.items.groups) == 2 * 8 * 3 * 46
    assert data.items.groups.unique().tolist() == [*range(8), *range(1000, 1008)]
    first, second = data.items.take(torch.tensor([0, 1]), Draw(0))
    assert torch.equal(first[:, :, 8:], second[:, :, :-8])  # the next one begins 8 pixels to the right


def test_options_of_pictures():
    load = modalities.get("image").load
    small = load("photos", size=32, channels=1, flip=True)
    assert small.spec.shape == (1, 32, 32)
    half = len(small.items) // 2
    one, mirrored = small.items.take(torch.tensor([5, half + 5]), Draw(0))
    assert torch.equal(one.flip(-1), mirrored)
    assert torch.equal(small.items.groups[:half], small.items.groups[half:])
    with pytest.raises(DataError, match="at most 128"):
        load("photos", size=200)
