"""One colour stored in several colour spaces is one colour, wherever a picture is read."""

import struct

import numpy as np
import pytest
import torch
from PIL import Image, ImageCms

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.doctor.inspect import inspect_data
from multigan.plugins.image import data as image_data
from multigan.plugins.image import modality
from multigan.plugins.image.gathering import CONVERTED, IGNORED
from multigan.plugins.image.items import read
from multigan.plugins.image.opening import header, look
from multigan.plugins.image.placing import fit

# Primaries of each space in the profiles' own D50, and the exponent of its curve.
PRIMARIES = {
    "Adobe RGB": ([(0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)], 2.19922),
    "wide": ([(0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249)], 1.8),
}


def fixed(*values):
    return struct.pack(f">{len(values)}i", *(round(65536 * value) for value in values))


def profile(space, tags, kind=b"mntr", connection=b"XYZ "):
    """An ICC profile of version 2 (ICC.1:2001-04)."""
    name = b"test\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    tags = {b"desc": text, b"cprt": b"text\0\0\0\0none\0", b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1, 0.8249), **tags}
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        content += bytes(-len(content) % 4)
        table += struct.pack(">4sII", tag, start + len(body), len(content))
        body += content
    head = bytes(8) + struct.pack(">I4s4s4s", 0x02100000, kind, space, connection) + bytes(12) + b"acsp"
    head = head.ljust(68, b"\0") + fixed(0.9642, 1, 0.8249)
    whole = head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def curve(exponent):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(256 * exponent))


def rgb_profile(name):
    primaries, exponent = PRIMARIES[name]
    tags = {f"{c}XYZ".encode(): b"XYZ \0\0\0\0" + fixed(*p) for c, p in zip("rgb", primaries, strict=True)}
    return profile(b"RGB ", {**tags, **{f"{c}TRC".encode(): curve(exponent) for c in "rgb"}})


def press_profile():
    """Of a press whose inks are not those of Pillow's rule: cyan is a dark grey, black is black, the rest is white."""
    ramp = bytes(range(256))
    corners = [(0 if corner & 1 else 55 if corner & 8 else 255, 128, 128) for corner in range(16)]
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table += ramp * 4 + bytes(value for corner in corners for value in corner) + ramp * 3
    return profile(b"CMYK", {b"A2B0": table}, b"prtr", b"Lab ")


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREY = profile(b"GRAY", {b"kTRC": curve(1.0)})
COLOUR = (60, 200, 90)


def expected(name, colour):
    """The same by hand: out of its curve, through the matrices, into the curve of sRGB."""
    primaries, exponent = PRIMARIES[name]
    to_srgb = np.linalg.inv([[0.43607, 0.38515, 0.14307], [0.22249, 0.71687, 0.06061], [0.01392, 0.09708, 0.71410]])
    linear = to_srgb @ np.array(primaries).T @ (np.array(colour) / 255) ** (round(256 * exponent) / 256)
    linear = linear.clip(0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def stored(path, mode, colour, icc, **more):
    Image.new(mode, (8, 8), colour).save(path, icc_profile=icc, **more)
    return path


def pixel(path, shape=(3, 8, 8)):
    return ((read(path, Spec("image", shape))[:, 3, 3] + 1) * 127.5).numpy()


@pytest.mark.parametrize("name", PRIMARIES)
@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_colours_are_those_that_viewers_show(tmp_path, name, ending):
    options = {"quality": 100} if ending != "png" else {}
    path = stored(tmp_path / f"a.{ending}", "RGB", COLOUR, rgb_profile(name), **options)
    assert np.abs(expected(name, COLOUR) - COLOUR).max() > 20
    assert np.abs(pixel(path) - expected(name, COLOUR)).max() < 5
    assert header(path).colours == "converted"


def test_transparency_palettes_and_turns_stay(tmp_path):
    icc = rgb_profile("wide")
    wanted = expected("wide", COLOUR)
    clear = stored(tmp_path / "a.png", "RGBA", (*COLOUR, 100), icc)
    found = pixel(clear, (4, 8, 8))
    assert np.abs(found[:3] - wanted).max() < 3
    assert found[3] == 100
    picture = Image.new("RGB", (8, 8), COLOUR).quantize(4)
    picture.save(tmp_path / "p.png", icc_profile=icc)
    assert np.abs(pixel(tmp_path / "p.png") - wanted).max() < 3
    Image.new("RGB", (8, 8), COLOUR).save(tmp_path / "t.png", icc_profile=icc, transparency=COLOUR)
    assert pixel(tmp_path / "t.png").tolist() == [255] * 3
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = stored(tmp_path / "turned.png", "RGB", COLOUR, icc, exif=exif)
    assert header(turned).turned
    assert np.abs(pixel(turned) - wanted).max() < 3


def test_grey_pictures_stay_grey_and_get_their_curve(tmp_path):
    path = stored(tmp_path / "a.png", "L", 60, GREY)
    wanted = 255 * (1.055 * (60 / 255) ** (1 / 2.4) - 0.055)
    assert abs(float(pixel(path, (1, 8, 8))[0]) - wanted) < 2
    assert header(path).mode == "L"
    assert look(path, lambda picture: picture.mode)[1] == "L"
    clear = stored(tmp_path / "la.png", "LA", (60, 9), GREY)
    assert look(clear, lambda picture: (picture.mode, picture.getpixel((0, 0))[1]))[1] == ("LA", 9)
    of_colour = stored(tmp_path / "c.png", "L", 60, rgb_profile("wide"))
    assert abs(float(pixel(of_colour, (1, 8, 8))[0]) - expected("wide", (60, 60, 60)).mean()) < 3


def test_colours_of_a_press_are_read_by_its_profile(tmp_path):
    path = stored(tmp_path / "a.jpg", "CMYK", (255, 0, 0, 0), press_profile(), quality=100)
    red, green, blue = pixel(path)
    assert max(abs(red - green), abs(green - blue)) < 8
    assert 20 < red < 90
    assert header(path)[2:] == header(path)._replace(mode="CMYK", colours="converted")[2:]
    without = stored(tmp_path / "b.jpg", "CMYK", (255, 0, 0, 0), b"", quality=100)
    assert pixel(without)[2] > 200  # cyan, by Pillow's rule


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_a_profile_of_srgb_changes_nothing(tmp_path, mode):
    colour = {"L": 60, "RGB": COLOUR, "RGBA": (*COLOUR, 9)}[mode]
    path = stored(tmp_path / "a.png", mode, colour, SRGB)
    with Image.open(path) as picture:
        before = np.asarray(picture).tolist()
    assert look(path, lambda picture: np.asarray(picture).tolist())[1] == before
    assert header(path).colours == ""


@pytest.mark.parametrize(
    ("mode", "icc"),
    [("RGB", b"no profile at all"), ("RGB", rgb_profile("wide")[:150]), ("RGB", GREY), ("CMYK", rgb_profile("wide"))],
)
def test_a_profile_that_is_damaged_or_does_not_suit_is_no_failure(tmp_path, mode, icc):
    path = stored(tmp_path / "a.jpg", mode, 60 if mode == "RGB" else (1, 2, 3, 4), icc)
    without = stored(tmp_path / "b.jpg", mode, 60 if mode == "RGB" else (1, 2, 3, 4), b"")
    assert header(path).colours == "ignored"
    assert pixel(path).tolist() == pixel(without).tolist()


def test_loader_and_doctor_say_and_do_the_same(tmp_path):
    for n in range(3):
        stored(tmp_path / f"{n}.png", "RGB", (60, 20 * n, 90), rgb_profile("wide"))
    stored(tmp_path / "odd.png", "RGB", COLOUR, b"no profile")
    data = image_data.load(str(tmp_path), image_data.Options())
    assert any(line == f"3 {CONVERTED}" for line in data.report)
    assert any(line == f"1 {IGNORED}" for line in data.report)
    taken = modality.to_real(data.items.take(torch.arange(4), Draw(0)), data.spec)[0, :, 3, 3]
    assert np.abs((taken.numpy() + 1) * 127.5 - expected("wide", (60, 0, 90))).max() < 3
    found = {one.name: one for one in inspect_data(tmp_path).findings}
    assert found["other-colours"].what == f"3 pictures {CONVERTED}"
    assert found["profile-ignored"].evidence == ("odd.png",)
    assert "brought to sRGB" in fit(tmp_path / "0.png", Spec("image", (3, 8, 8))).note
    assert "not used" in fit(tmp_path / "odd.png", Spec("image", (3, 8, 8))).note


def test_large_pictures_are_converted_too(tmp_path, monkeypatch):
    monkeypatch.setattr("multigan.plugins.image.opening.LARGE_PIXELS", 1000)
    path = tmp_path / "a.png"
    Image.new("RGB", (64, 64), COLOUR).save(path, icc_profile=rgb_profile("wide"))
    size, found = look(path, lambda picture: (picture.size, picture.getpixel((0, 0))), (8, 8))[1]
    assert size == (32, 32)
    assert np.abs(np.array(found) - expected("wide", COLOUR)).max() < 3
