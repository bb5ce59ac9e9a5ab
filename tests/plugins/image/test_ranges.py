import numpy as np
import pytest
import torch
from PIL import Image

from multigan.core.draw import Draw
from multigan.doctor.inspect import inspect_data
from multigan.plugins.image import modality
from multigan.plugins.image.ranges import extremes, from_meta, in_bytes, said, to_meta, value_ranges


def deep(low, high, side=16):
    return Image.fromarray(np.linspace(low, high, side * side).astype(np.uint16).reshape(side, side))


def items(data):
    return data.items.take(torch.arange(len(data.items)), Draw(0))


def test_a_dark_file_keeps_its_darkness_among_bright_ones(tmp_path):
    deep(0, 60_000).save(tmp_path / "bright.png")
    deep(0, 200).save(tmp_path / "dark.png")
    data = modality.load(str(tmp_path))
    bright, dark = items(data)
    assert bright.max() == round(60_000 / 257)
    assert dark.max() <= 1
    assert any("2 of more than 8 bits (integers): 0 becomes black, 65,535 white; they reach 0 to 60,000" in line
               for line in data.report)  # fmt: skip
    assert data.spec.meta == {"value_ranges": {"integers": [0.0, 65535.0]}}
    assert modality.read(tmp_path / "dark.png", data.spec).max() < -0.98
    blank = [one.evidence for one in inspect_data(tmp_path).findings if one.name == "blank"]
    assert blank == [("dark.png",)]


def test_a_set_of_one_range_needs_no_note_in_its_spec(tmp_path):
    deep(0, 60_000).save(tmp_path / "a.png")
    deep(0, 50_000).save(tmp_path / "b.png")
    data = modality.load(str(tmp_path))
    assert data.spec.meta == {}
    raw = modality.read(tmp_path / "a.png", data.spec)
    assert torch.equal(((raw + 1) * 127.5).round().byte(), items(data)[0])


@pytest.mark.parametrize(
    ("found", "ranges"),
    [
        ([None, None], {}),
        ([("integers", 3.0, 200.0)], {"integers": (0.0, 255.0)}),
        ([("integers", 3.0, 200.0), ("integers", 0.0, 256.0)], {"integers": (0.0, 65535.0)}),
        ([("integers", -5.0, 70_000.0)], {"integers": (-5.0, 70_000.0)}),
        ([("floats", 0.1, 0.9), ("integers", 0.0, 9.0)], {"floats": (0.0, 1.0), "integers": (0.0, 255.0)}),
        ([("floats", 0.0, 1.5)], {"floats": (0.0, 255.0)}),
    ],
)
def test_the_range_holds_all_values_of_the_set(found, ranges):
    assert value_ranges(found) == ranges
    assert len(said(found)) == len(ranges)


def test_floats_with_holes_become_grey():
    values = np.array([[0.0, 0.5], [1.0, np.nan]], np.float32)
    image = Image.fromarray(values)
    assert extremes(image) == ("floats", 0.0, 1.0)
    assert np.asarray(in_bytes(image, {})).tolist() == [[0, 128], [255, 0]]
    assert extremes(Image.fromarray(np.full((2, 2), np.nan, np.float32))) == ("floats", 0.0, 0.0)
    assert np.asarray(in_bytes(Image.fromarray(np.full((2, 2), np.inf, np.float32)), {})).max() <= 255


def test_what_the_spec_keeps_comes_back():
    found = [("integers", 0.0, 9.0), ("integers", 0.0, 900.0)]
    assert from_meta(to_meta(found)) == value_ranges(found)
    assert from_meta({}) == {}
