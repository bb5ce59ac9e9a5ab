"""One picture stored in all eight ways that EXIF knows comes out as one picture, wherever it is read."""

import struct

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from multigan.core.draw import Draw
from multigan.core.types import Spec
from multigan.plugins.image import data as image_data
from multigan.plugins.image import modality
from multigan.plugins.image.items import read, read_hole
from multigan.plugins.image.opening import header
from multigan.plugins.image.upright import upright

WIDTH, HEIGHT = 24, 16
SPEC = Spec("image", (3, HEIGHT, WIDTH))
# What a camera that was held so stored: row 0 and column 0 of the file are the sides that the standard names
# (1 = top, left; 6 = right, top; 8 = left, bottom; ...).
STORED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: np.rot90(a, -1),
}


def scene():
    """Smooth, so that JPEG keeps it, and the same under none of the eight turns."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    red, green, blue = 255 * x / WIDTH, 255 * y / HEIGHT, 128 + 100 * np.sin(x * y / 60)
    return np.stack([red, green, blue], -1).round().astype(np.uint8)


def marked(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def store(path, orientation, array=None):
    array = STORED[orientation](scene() if array is None else array)
    Image.fromarray(np.ascontiguousarray(array)).save(path, quality=95, subsampling=0, exif=marked(orientation))


def everything(data):
    return data.items.take(torch.arange(len(data.items)), Draw(0))


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize(("ending", "error"), [("jpg", 12), ("png", 0), ("webp", 40)])
def test_every_turn_of_every_format_is_undone(tmp_path, orientation, ending, error):
    path = tmp_path / f"a.{ending}"
    store(path, orientation)
    with Image.open(path) as image:
        stored, found = image.size, upright(image)
    assert stored == ((HEIGHT, WIDTH) if orientation > 4 else (WIDTH, HEIGHT))
    assert found.size == (WIDTH, HEIGHT)
    assert np.abs(np.asarray(found, float) - scene()).max() <= error
    assert found.format == {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[ending]


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I", "F", "I;16"])
def test_every_mode_is_turned_as_pillow_turns_it_and_once(mode, orientation):
    image = Image.new(mode, (5, 3))
    image.putpixel((1, 0), image.getpixel((1, 0)) if mode == "PA" else Image.new(mode, (1, 1), 1).getpixel((0, 0)))
    image.info["exif"] = marked(orientation).tobytes()
    found, expected = upright(image), ImageOps.exif_transpose(image)
    assert (found.mode, found.size, found.tobytes()) == (mode, expected.size, expected.tobytes())
    assert upright(found) is found


def test_a_picture_that_lies_right_is_not_copied():
    for exif in (None, marked(1), marked(0), marked(9)):
        image = Image.new("L", (5, 3))
        image.info |= {} if exif is None else {"exif": exif.tobytes()}
        assert upright(image) is image


def entries(*fields):
    """EXIF bytes with these (tag, type, count, value) entries, well-formed or not."""
    body = b"".join(struct.pack(">HHI4s", *field) for field in fields)
    return b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", len(fields)) + body + b"\0\0\0\0"


TURN = (0x0112, 3, 1, b"\0\x06\0\0")
DAMAGED = {
    "no header": (b"Exif\0\0" + b"\xff" * 40, False),
    "cut in the header": (b"Exif\0\0MM", False),
    "cut in an entry": (entries(TURN)[:20], False),
    "empty": (b"Exif\0\0", False),
    "a word for a number": (entries((0x0112, 2, 2, b"6\0\0\0")), False),
    "longer than the file": (entries(TURN, (0x010F, 2, 2**31, b"\0\0\xff\0")), True),
    "pointing nowhere": (entries(TURN, (0x8769, 4, 1, b"\xff\xff\xff\xff")), True),
    "pointing at itself": (entries(TURN, (0x8769, 4, 1, b"\0\0\0\x08")), True),
    "not writable again": (entries(TURN, (0x0100, 2, 4, b"\xff\xfe\xfd\0")), True),
    "a resolution of NaN": (entries(TURN, (0x011A, 11, 1, b"\xff\xff\xff\xff")), True),
}


@pytest.mark.filterwarnings("ignore")  # Pillow warns of some of these, which is right
@pytest.mark.parametrize(("exif", "turned"), DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_damaged_marks_never_cost_a_picture(tmp_path, ending, exif, turned):
    path = tmp_path / f"a.{ending}"
    Image.fromarray(scene()).save(path, exif=exif)
    shape = (WIDTH, HEIGHT) if turned else (HEIGHT, WIDTH)
    assert modality.load(str(tmp_path)).spec.shape[1:] == shape
    assert read(path, Spec("image", (3, *shape))).isfinite().all()
    found = header(path)
    assert (found.fault, found.size, found.turned) == ("", shape, turned)


@pytest.fixture
def eight(tmp_path):
    """A folder with one picture in all eight ways."""
    for orientation in STORED:
        store(tmp_path / f"{orientation}.jpg", orientation)
    return tmp_path


@pytest.mark.parametrize("streamed", [False, True], ids=["resident", "streamed"])
def test_training_sees_one_picture(eight, streamed, monkeypatch):
    if streamed:
        monkeypatch.setattr(image_data, "IN_MEMORY_BYTES", 10)
    data = modality.load(str(eight))
    assert data.items.resident is not streamed
    assert data.spec.shape == SPEC.shape
    items = everything(data).permute(0, 2, 3, 1).int()
    assert (items - torch.from_numpy(scene()).int()).abs().max() <= 12
    assert any("7 turned upright" in line for line in data.report)
    assert not any("brought to that size" in line for line in data.report)


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_a_turned_picture_is_fitted_as_the_upright_one(eight, fit):
    items = everything(modality.load(str(eight), size=(8, 8), fit=fit)).int()
    assert (items - items[:1]).abs().max() <= 12


def test_sets_of_torchvision_are_turned_too(tmp_path, monkeypatch):
    from torchvision import datasets

    class Folder:
        def __init__(self, root, download):
            self.paths = sorted(tmp_path.glob("*.png"))

        def __len__(self):
            return len(self.paths)

        def __getitem__(self, index):
            with Image.open(self.paths[index]) as image:
                return image.convert("RGB"), 0

    for orientation in STORED:
        store(tmp_path / f"{orientation}.png", orientation)
    monkeypatch.setattr(datasets, "MNIST", Folder)
    data = modality.load("torchvision:MNIST")
    assert data.spec.shape == SPEC.shape
    assert torch.equal(everything(data), torch.from_numpy(scene()).permute(2, 0, 1).expand(8, -1, -1, -1))


def test_edits_and_uploads_see_one_picture_and_one_mask(tmp_path):
    white = np.zeros((HEIGHT, WIDTH), np.uint8)
    white[2:5, 3:9] = 255
    for orientation in STORED:
        store(tmp_path / "p.png", orientation)
        store(tmp_path / "m.png", orientation, white)
        item = (read(tmp_path / "p.png", SPEC) + 1) * 127.5
        assert np.array_equal(item.round().byte().permute(1, 2, 0).numpy(), scene())
        assert torch.equal(read_hole(str(tmp_path / "m.png"), SPEC), read_hole("3,2,6,3", SPEC))
