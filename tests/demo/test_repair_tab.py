import pytest
from PIL import Image

from multigan.core.errors import DataError
from multigan.demo.repair_tab import mask_of


def layer(box):
    image = Image.new("RGBA", (10, 6))
    image.paste((255, 61, 127, 255), box)
    return image


def test_the_hole_is_where_any_layer_was_drawn_on(tmp_path):
    path = mask_of({"layers": [layer((0, 0, 2, 2)), layer((5, 3, 9, 6))]}, tmp_path)
    with Image.open(path) as mask:
        assert (mask.mode, mask.size) == ("L", (10, 6))
        assert [mask.getpixel(at) for at in ((1, 1), (6, 4), (4, 4))] == [255, 255, 0]


@pytest.mark.parametrize("drawn", [None, {}, {"layers": []}, {"layers": [Image.new("RGBA", (4, 4))]}, "x"])
def test_nothing_drawn_is_said(tmp_path, drawn):
    with pytest.raises(DataError, match="nothing was drawn"):
        mask_of(drawn, tmp_path)
