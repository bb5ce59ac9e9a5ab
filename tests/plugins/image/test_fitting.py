import numpy as np
import pytest
from PIL import Image

from multigan.core.errors import DataError
from multigan.plugins.image.fitting import common_mode, common_size, fitted, pair, plain


def test_the_commonest_size_within_bounds():
    assert common_size([(8, 8), (8, 8), (9, 9)]) == (8, 8)
    assert common_size([(512, 256)]) == (128, 64)
    assert common_size([(77, 90)]) == (64, 76)
    assert common_size([(45, 61)]) == (45, 61)
    assert common_size([(1, 100)]) == (4, 100)
    assert common_size([(1, 60_000)]) == (64, 64)


def test_grey_only_where_all_are():
    assert common_mode("auto", {"L": 3, "I;16": 1, "I;16B": 1, "1": 1}) == "L"
    assert common_mode("auto", {"L": 3, "P": 1}) == "RGB"
    assert common_mode(4, {"L": 3}) == "RGBA"


@pytest.mark.parametrize("size", [3, (4, 3), 4097, (1, 10**9), -8])
def test_sizes_out_of_bounds_are_refused(size):
    with pytest.raises(DataError, match="at least 4"):
        pair(size)


@pytest.mark.parametrize(
    ("hidden", "first", "second"), [(b"\0\xff", [255] * 3, [0, 0, 255]), (1, [255, 0, 0], [255] * 3)]
)
def test_hidden_colours_of_a_palette_do_not_show(hidden, first, second):
    image = Image.fromarray(np.array([[0, 1], [1, 0]], np.uint8), "P")
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.info["transparency"] = hidden
    assert np.asarray(plain(image, "RGB", {})).tolist() == [[first, second], [second, first]]


def test_ink_becomes_light():
    paper = Image.new("CMYK", (4, 4), (0, 0, 0, 0))
    assert fitted(paper, (4, 4), "RGB", "crop").min() == 255
