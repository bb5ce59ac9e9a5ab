import numpy as np
import pytest
from PIL import Image

from multigan.plugins.image.halves import halves, look_at_half

SUFFIXES = (".png",)


def fill(folder, *sizes):
    for k, size in enumerate(sizes):
        Image.new("RGB", size).save(folder / f"{k}.png")


def test_pictures_twice_as_wide_as_high_are_pairs(tmp_path):
    fill(tmp_path, (32, 16), (64, 32))
    (tmp_path / "broken.png").write_bytes(b"x")
    assert halves(tmp_path, SUFFIXES) == ({"half": "left"}, {"half": "right"})


@pytest.mark.parametrize("sizes", [[(32, 16)], [(32, 16), (32, 17)], []])
def test_others_are_none(tmp_path, sizes):
    fill(tmp_path, *sizes)
    assert halves(tmp_path, SUFFIXES) is None


def test_each_half_is_a_picture_of_its_own(tmp_path):
    values = np.arange(14, dtype=np.uint8).reshape(2, 7)
    Image.fromarray(values).save(tmp_path / "x.png")
    for half, columns in (("left", [0, 1, 2]), ("right", [4, 5, 6])):
        header, found = look_at_half(half, tmp_path / "x.png", np.array, (2, 3))
        assert header.size == (2, 3)
        assert found.tolist() == values[:, columns].tolist()
    (tmp_path / "y.png").write_bytes(b"x")
    header, found = look_at_half("left", tmp_path / "y.png", np.array, (2, 3))
    assert header.fault
    assert found is None
