import json

from PIL import Image

from multigan.plugins.image.film import film
from multigan.provenance import labels as provenance


def test_a_strip_has_its_pictures_in_rows_and_the_gif_its_label(tmp_path):
    samples = [Image.new("L", (8, 8), 40 * k) for k in range(5)]
    strip, moving = film(samples, tmp_path / "f", {"seed": "1"}, 3)
    with Image.open(strip) as image:
        assert image.size == (3 * 68 + 4, 2 * 68 + 4)
        assert [image.getpixel((30 + 66 * k, 30)) for k in range(3)] == [0, 40, 80]
        assert image.getpixel((30, 96)) == 120
    with Image.open(moving) as gif:
        assert gif.n_frames == 8
        assert gif.info["duration"] == 120
        assert json.loads(gif.info["comment"]) == {"seed": "1"}
    assert provenance.read(moving) == provenance.read(strip) == {"seed": "1"}
    assert b"XMP DataXMP" in moving.read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_single_picture_is_a_strip_too(tmp_path):
    assert film([Image.new("RGB", (100, 50))], tmp_path / "f", {}, 4)[0].is_file()
