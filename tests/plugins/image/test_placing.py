import pytest
import torch
from PIL import Image

from multigan.core.errors import DataError
from multigan.core.types import Spec
from multigan.plugins.image.items import read
from multigan.plugins.image.placing import fit

SPEC = Spec("image", (3, 6, 8))


def test_what_was_done_to_a_picture_is_told(tmp_path):
    Image.new("RGB", (8, 6)).save(tmp_path / "same.png")
    Image.new("RGB", (16, 12)).save(tmp_path / "twice.png")
    Image.new("RGB", (100, 30)).save(tmp_path / "wide.png")
    fitted = fit(tmp_path / "same.png", SPEC)
    assert (fitted.note, fitted.hole, fitted.back) == ("", None, None)
    assert torch.equal(fitted.real, read(tmp_path / "same.png", SPEC))
    assert fit(tmp_path / "twice.png", SPEC).note == "twice.png: brought from 16 × 12 to 8 × 6 pixels"
    note = "wide.png: of 100 × 30 pixels the middle 40 × 30 taken; brought from 40 × 30 to 8 × 6 pixels"
    assert fit(tmp_path / "wide.png", SPEC).note == note
    assert fit(tmp_path / "same.png", Spec("image", (1, 6, 8))).note == "same.png: colours turned to grey"
    with pytest.raises(DataError, match="leave out --at"):
        fit(tmp_path / "same.png", SPEC, at=1.0)


@pytest.mark.parametrize(
    ("size", "box", "rows", "columns"),
    [
        ((8, 6), "2,1,3,2", (1, 3), (2, 5)),
        ((16, 12), "4,2,6,4", (1, 3), (2, 5)),
        ((16, 12), "5,3,1,1", (1, 2), (2, 3)),  # never less than a pixel
        ((100, 30), "30,0,10,10", (0, 2), (0, 2)),  # of the middle 40 x 30, which begins at 30
        ((100, 30), "25,0,10,30", (0, 6), (0, 1)),
        ((8, 60), "0,27,8,1", (0, 1), (0, 8)),
    ],
)
def test_boxes_are_in_pixels_of_the_picture(tmp_path, size, box, rows, columns):
    Image.new("RGB", size).save(tmp_path / "a.png")
    hole = fit(tmp_path / "a.png", SPEC, hole=box).hole
    expected = torch.zeros(SPEC.shape, dtype=torch.bool)
    expected[:, slice(*rows), slice(*columns)] = True
    assert torch.equal(hole, expected)


@pytest.mark.parametrize(("box", "words"), [("95,0,10,10", "within 100 × 30"), ("0,0,5,5", "everything or nothing")])
def test_boxes_outside_of_what_is_taken_are_refused(tmp_path, box, words):
    Image.new("RGB", (100, 30)).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=words):
        fit(tmp_path / "a.png", SPEC, hole=box)


def test_a_picture_that_lies_on_its_side_is_told_as_it_is_seen(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (12, 16)).save(tmp_path / "a.png", exif=exif)
    fitted = fit(tmp_path / "a.png", SPEC, hole="14,0,2,2")
    assert fitted.note == "a.png: brought from 16 × 12 to 8 × 6 pixels"
    assert fitted.hole[0].nonzero().tolist() == [[0, 7]]


def test_masks_may_be_pictures_too(tmp_path):
    Image.new("RGB", (16, 12)).save(tmp_path / "a.png")
    mask = Image.new("L", (16, 12))
    mask.paste(255, (4, 2, 10, 6))
    mask.save(tmp_path / "m.png")
    hole = fit(tmp_path / "a.png", SPEC, hole=str(tmp_path / "m.png")).hole
    assert torch.equal(hole, fit(tmp_path / "a.png", SPEC, hole="4,2,6,4").hole)
    with pytest.raises(DataError, match="a box within 16 × 12"):
        fit(tmp_path / "a.png", SPEC, hole="1,2,3," + "4" * 5000)
