import numpy as np
import pytest
from PIL import Image

from multigan.core.errors import DataError
from multigan.plugins.image import modality
from multigan.plugins.image.visible import FONT_SHARE, with_visible_label


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(28, 28), (32, 64), (400, 300)])
def test_the_word_stands_in_the_corner_and_nothing_else_changes(mode, size):
    bands = len(Image.new(mode, (1, 1)).getbands())
    noise = np.random.default_rng(0).integers(60, 200, (size[1], size[0], bands), dtype=np.uint8)
    before = Image.fromarray(noise.squeeze())
    after, other = (
        np.asarray(with_visible_label(Image.fromarray(pixels.squeeze()))).reshape(noise.shape)
        for pixels in (noise, 255 - noise)
    )
    word = (after == other).all(2)  # the same over any picture
    assert np.array_equal(after[~word], noise[~word])
    rows, columns = np.nonzero(word)
    assert (rows.max(), columns.max()) == (size[1] - 1, size[0] - 1)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert height >= 0.05 * min(size)
    assert word.sum() == height * width  # one box
    assert word.mean() < 0.2
    assert after[-height:, -width:, :3].min() == 0
    assert after[-height:, -width:, :3].max() > 200  # small letters are anti-aliased
    assert np.array_equal(np.asarray(before).reshape(noise.shape), noise)


def test_two_letters_can_be_told_apart():
    after = with_visible_label(Image.new("L", (200, 200), 128))
    font = round(FONT_SHARE * 200)
    box = np.asarray(after)[-font:, -2 * font :]
    columns = (box > 128).any(0)
    assert np.abs(np.diff(columns.astype(int))).sum() == 4  # two strokes of ink, a gap between


def test_too_small_a_picture_is_refused():
    with pytest.raises(DataError, match="8 × 8"):
        with_visible_label(Image.new("L", (8, 8)))


def test_it_is_an_option_of_saving(tmp_path):
    image = Image.new("RGB", (64, 64), (90, 90, 90))
    plain, marked = (
        np.asarray(Image.open(modality.save([image], tmp_path, [name], {}, **options)[0]).convert("RGB"))
        for name, options in (("plain", {}), ("marked", {"visible_label": True}))
    )
    assert (plain == 90).all()
    assert (marked != 90).any()
