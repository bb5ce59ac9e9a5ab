import numpy as np
import pytest
import torch
from PIL import Image

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.plugins.image import opening
from multigan.plugins.image.items import psnr, read, read_hole

SPEC = Spec("image", (3, 6, 8))


def test_a_picture_of_the_right_size_is_read_exactly(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    item = read(tmp_path / "a.png", SPEC)
    assert item.shape == SPEC.shape
    assert np.array_equal(((item + 1) * 127.5).round().byte().permute(1, 2, 0).numpy(), pixels)


def test_other_sizes_and_modes_are_brought_to_the_generators(tmp_path):
    Image.new("L", (100, 30), 255).save(tmp_path / "a.png")
    assert torch.equal(read(tmp_path / "a.png", SPEC), torch.ones(SPEC.shape))
    with pytest.raises(DataError, match="2 channels"):
        read(tmp_path / "a.png", Spec("image", (2, 6, 8)))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"not a picture"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(DataError, match="no readable picture"):
        read(tmp_path / "a.png", SPEC)


def test_holes_as_box_and_as_picture_agree(tmp_path):
    mask = Image.new("L", (8, 6))
    mask.paste(255, (2, 1, 5, 3))
    mask.save(tmp_path / "m.png")
    box = read_hole("2, 1, 3, 2", SPEC)
    assert box.shape == SPEC.shape
    assert int(box[0].sum()) == 6
    assert torch.equal(box, read_hole(str(tmp_path / "m.png"), SPEC))


@pytest.mark.parametrize("text", ["0,0,8,6", "0,0,0,0", "5,5,9,9", "nowhere.png", "1,2,3"])
def test_masks_that_make_no_hole_are_refused(text):
    with pytest.raises(DataError):
        read_hole(text, SPEC)


def test_psnr_on_paper():
    real = torch.zeros(2, 1, 2, 2)
    fake = torch.stack([torch.full((1, 2, 2), 0.2), torch.full((1, 2, 2), 2.0)])
    assert psnr(real, fake).tolist() == pytest.approx([20.0, 0.0], abs=1e-5)


def test_a_mask_drawn_over_a_wide_picture_lands_where_it_was_drawn(tmp_path):
    given = Image.new("L", (32, 6))
    given.paste(255, (13, 2, 16, 4))
    given.save(tmp_path / "both.png")
    hole = read_hole(str(tmp_path / "both.png"), SPEC)
    assert torch.equal(hole, read(tmp_path / "both.png", SPEC) > 0)
    assert torch.equal(hole, read_hole("1,2,3,2", SPEC))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST_PIXELS", 99)
    Image.new("L", (10, 10)).save(tmp_path / "a.png")
    with pytest.raises(DataError, match="10 × 10 pixels"):
        read(tmp_path / "a.png", SPEC)
